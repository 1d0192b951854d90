import Foundation
import TestSupport
import Testing

/// The action, the workflows and the templates, judged by those who know the formats.
struct PipelineFilesTests {
    private static let hasJudges = OutsideProgram.venvs != nil

    private func files(_ folder: String) throws -> [String] {
        let url = OutsideProgram.repository.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: url.path).sorted().map { url.path + "/" + $0 }
    }

    private func judge(_ program: String, _ arguments: [String]) async throws {
        let path = try #require(OutsideProgram.venvs).appending(path: "review/bin/\(program)").path
        let result = try await OutsideProgram.run(path, arguments)
        #expect(result.status == 0, "\(result.output)")
    }

    private static let action = OutsideProgram.repository.appending(path: "action.yml").path

    /// Runs `body` with the paths of every workflow and every pipeline of GitLab: those that are shipped, our own, and what
    /// `muster init` writes, also for a folder whose name is awkward.
    private func withPipelines(_ body: ([String], [String]) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            for (pipeline, name) in [("github", "bots"), ("gitlab", "it's \"odd\": # {}")] {
                let project = folder.appending(path: pipeline)
                try FileManager.default.createDirectory(
                    at: project.appending(path: name), withIntermediateDirectories: true)
                let result = try await CommandFixture(folder: project).run("init", "-C", name, "p", "--ci", pipeline)
                #expect(result.status == 0, "\(result.errors)")
            }
            let made = ["github/.github/workflows/assistants.yml", "gitlab/.gitlab/assistants.yml"].map {
                folder.appending(path: $0).path(percentEncoded: false)
            }
            try await body(
                files("ci/github") + files(".github/workflows") + made.prefix(1), files("ci/gitlab") + made.suffix(1))
        }
    }

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func theFilesFitTheirSchemas() async throws {
        try await judge("check-jsonschema", ["--builtin-schema", "vendor.github-actions", Self.action])
        try await withPipelines { github, gitlab in
            try await judge("check-jsonschema", ["--builtin-schema", "vendor.github-workflows"] + github)
            try await judge("check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci"] + gitlab)
        }
    }

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func anAuditorFindsNothing() async throws {
        try await withPipelines { github, _ in
            try await judge("zizmor", ["--offline", "--no-progress", "--persona", "auditor", Self.action] + github)
        }
    }

    /// What no schema finds: expressions that name nothing, inputs that are not there, unsound scripts, jobs that do not say what
    /// they may do and why. `actionlint` finds some of it, and cannot be had from a package index without the code host.
    @Test(.enabled(if: hasJudges && OutsideProgram.isInstalled("shellcheck"), "needs MUSTER_SDK_VENVS, shellcheck"))
    func everyJobIsSoundAndSaysWhatItMayDoAndWhy() async throws {
        let documents = try files("docs") + files("docs/guides") + files(".").filter { $0.hasSuffix(".md") }
        let script = OutsideProgram.fixtures().appending(path: "pipelines.py").path
        let steps = OutsideProgram.repository.appending(path: "ci/steps").path
        try await withPipelines { github, gitlab in
            let pages = documents.filter { $0.hasSuffix(".md") }
            try await judge("python", [script, Self.action, steps] + github + gitlab + pages)
        }
    }

    /// The check above is not green whatever it sees.
    @Test(
        .enabled(if: hasJudges && OutsideProgram.isInstalled("shellcheck"), "needs MUSTER_SDK_VENVS, shellcheck"),
        arguments: [
            ("pull-requests: write # the comment", "pull-requests: write", "says nothing about the permission"),
            (
                "# It holds the key, so the base says where that goes, and no program of the proposal is run.", "",
                "two lines"
            ),
            ("permissions: {}", "permissions: {contents: read}", "must begin without any permission"),
            ("command: preview", "command: previw", "has no command previw"),
            ("environment: production}", "environmnt: production}", "has no input environmnt"),
            ("needs: apply", "needs: aply", "needs aply, which is not there"),
            ("github.event_name == 'push'", "gihub.event_name == 'push'", "there is no context gihub"),
            ("      - if: always()", "      - if: alway()", "there is no function alway"),
            ("@11bd71901bbe5b1630ceea73d27597364c9af683", "@v4", "is not pinned to a commit"),
            (
                "      - if: always()\n", "      - run: echo ${{ github.actor }} $odd\n      - if: always()\n",
                "an expression within a script"
            ), ("id: muster", "id: muster\n        if: steps.other.outcome == 'success'", "steps has no other"),
        ])
    func aMistakeInAWorkflowIsFound(_ right: String, _ wrong: String, _ problem: String) async throws {
        let file = OutsideProgram.repository.appending(path: "ci/github/assistants.yml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(right))
        try await withTemporaryDirectory { folder in
            try folder.write(["broken.yml": text.replacing(right, with: wrong)])
            let script = OutsideProgram.fixtures().appending(path: "pipelines.py").path
            let steps = OutsideProgram.repository.appending(path: "ci/steps").path
            let broken = folder.appending(path: "broken.yml").path
            let result = try await OutsideProgram.run(
                OutsideProgram.python("review"), [script, Self.action, steps, broken])
            #expect(result.status == 1 && result.output.contains(problem), "\(result.output)")
        }
    }

    @Test(.enabled(if: OutsideProgram.isInstalled("shellcheck"), "needs shellcheck"))
    func theStepsAreSoundShell() async throws {
        let packaging = ["build", "dist", "install", "try-in", "debian/package", "homebrew/formula"]
        let steps = try files("ci/steps") + packaging.map { "packaging/\($0)" }
        let folder = OutsideProgram.repository.path
        let result = try await OutsideProgram.run("sh", ["-c", "cd \"$0\" && shellcheck -x \"$@\"", folder] + steps)
        #expect(result.status == 0, "\(result.output)")
    }

    /// GitLab runs the pipeline of a fork's request in the fork, where `CI_PROJECT_PATH` is the fork's own: compared with it, every
    /// fork looked like the project.
    @Test func forksAreToldByTheRequestAndNotByWhereThePipelineRuns() throws {
        let template = try String(
            contentsOf: OutsideProgram.repository.appending(path: "ci/gitlab/assistants.gitlab-ci.yml"), encoding: .utf8
        )
        let compared = template.matches(of: /CI_MERGE_REQUEST_SOURCE_PROJECT_PATH (?:==|!=) \$(\w+)/).map {
            String($0.1)
        }
        #expect(compared == ["CI_MERGE_REQUEST_PROJECT_PATH", "CI_MERGE_REQUEST_PROJECT_PATH"])
    }

    @Test func everyStepOfTheActionIsAScriptThatIsThere() throws {
        let action = try String(contentsOfFile: Self.action, encoding: .utf8)
        let named = Set(action.matches(of: /ci\/steps\/([a-z-]+\.sh)/).map { String($0.1) })
        #expect(
            named == [
                "install.sh", "plan.sh", "preview.sh", "diff.sh", "comment.sh", "apply.sh", "test.sh", "drift.sh",
            ])
        for name in named {
            let path = OutsideProgram.repository.appending(path: "ci/steps/\(name)").path
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(name)")
        }
        #expect(!action.contains("uses:"))
    }
}
