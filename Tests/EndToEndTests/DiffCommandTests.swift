import Foundation
import JSONModel
import TestSupport
import Testing

/// `muster diff` on small repositories.
struct DiffCommandTests {
    private static let hasGit = OutsideProgram.isInstalled("git")

    /// A repository whose revisions are sets of files; each is tagged `r0`, `r1`, … The last stays in the work tree.
    private func withRepository(
        _ revisions: [[String: String]], _ body: (CommandFixture) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            try await git(folder, "init", "-q", "-b", "main", ".")
            for (number, files) in revisions.enumerated() {
                if number > 0 { try await git(folder, "rm", "-rq", "--ignore-unmatch", ".") }
                try folder.write(files)
                try await git(folder, "add", "-A")
                try await git(folder, "commit", "-q", "--allow-empty", "-m", "r\(number)")
                try await git(folder, "tag", "r\(number)")
            }
            try await body(CommandFixture(folder: folder))
        }
    }

    private func git(_ folder: URL, _ arguments: String...) async throws {
        let result = try await OutsideProgram.run(
            "git", ["-C", folder.path, "-c", "user.name=t", "-c", "user.email=t@example.com"] + arguments)
        #expect(result.status == 0, "\(result.output)")
    }

    private static let project = """
        project: p
        environments:
          staging: {base_url: "https://s.example/v1", overrides: {temperature: 0.5}}
        """

    /// What is in a store may have changed although no assistant has.
    @Test(.enabled(if: hasGit, "needs git"))
    func storesThatAreNotComparedAreNotSaidToBeTheSame() async throws {
        let before = [
            "muster.yaml": "project: p\ndefaults: {model: m}\n", "knowledge/h.yaml": "files: [a.md]\n",
            "knowledge/a.md": "old\n",
            "bot.yaml": "tools: [{type: file_search}]\nknowledge: [h]\n",
        ]
        var after = before
        after["knowledge/a.md"] = "new\n"
        try await withRepository([before, after]) { muster in
            let text = try await muster.run("diff", "r0", "r1")
            #expect(text.output.contains("Not compared as a whole. The assistants mean the same; stores"))
            #expect(!text.output.contains("No changes"))
            let markdown = try await muster.run("diff", "r0", "r1", "--format", "markdown")
            #expect(!markdown.output.contains("No changes"))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func changesAdditionsAndRemovalsAreSeen() async throws {
        let before = [
            "assistants/muster.yaml": "project: p\n", "assistants/a.yaml": "model: m\ninstructions: {file: a.md}\n",
            "assistants/a.md": "Be polite.\nBe brief.\n", "assistants/gone.yaml": "model: m\n",
        ]
        var after = before
        after["assistants/a.md"] = "Be polite.\nBe very brief.\n"
        after["assistants/gone.yaml"] = nil
        after["assistants/new.yaml"] = "model: m\n"
        try await withRepository([before, after]) { muster in
            let text = try await muster.run("diff", "r0", "r1", "--detailed-exitcode")
            #expect(text.status == 2, "\(text.errors)")
            #expect(text.output.contains("From r0 to r1, the specs change:"))
            #expect(text.output.contains("          + Be {+very +}brief."))
            #expect(text.output.hasSuffix("Specs: 1 added, 1 changed, 1 removed.\n"))
            let json = try JSONValue(parsing: try await muster.run("diff", "r0", "--format", "json").output)
            #expect(json["head"] == "the working tree")
            #expect(json["resource_changes"]?.array?.compactMap { $0["name"]?.string } == ["a", "gone", "new"])
            let none = try await muster.run("diff", "--detailed-exitcode")
            #expect(none.status == 0)
            #expect(none.output == "No changes. The specs mean the same.\n")
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func layoutAndOrderMeanNothing() async throws {
        let before = ["muster.yaml": "project: p\n", "a.yaml": "model: m\ntemperature: 1\nmetadata: {x: y, z: w}\n"]
        let after = ["muster.yaml": "project: p\n", "a.yaml": "# comment\nmetadata:\n  z: w\n  x: y\nmodel: \"m\"\n"]
        try await withRepository([before, after]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output == "No changes. The specs mean the same.\n")
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func aMovedKeyIsOneAssistant() async throws {
        let before = ["muster.yaml": "project: p\n", "old.yaml": "model: m\nname: Bot\n"]
        let after = ["muster.yaml": "project: p\n", "new.yaml": "model: m\nname: Bot 2\nmoved_from: old\n"]
        try await withRepository([before, after]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output.contains("# (moved from old)"))
            #expect(result.output.contains("Specs: 0 added, 1 changed, 0 removed."))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func aRenamedSpecIsPointedOut() async throws {
        let spec = "model: m\ninstructions: A prompt long enough to be told from others.\n"
        try await withRepository([
            ["muster.yaml": "project: p\n", "old.yaml": spec], ["muster.yaml": "project: p\n", "new.yaml": spec],
        ]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output.contains("Note: new: it looks like old under another key; without moved_from: old"))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func aRenamedFileWithTheSameKeyIsNoChange() async throws {
        try await withRepository([
            ["muster.yaml": "project: p\n", "old.yaml": "assistant: a\nmodel: m\n"],
            ["muster.yaml": "project: p\n", "sub/new.yaml": "assistant: a\nmodel: m\n"],
        ]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output.hasPrefix("No changes."))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func whatDoesNotLoadIsReportedAndNotTakenForGone() async throws {
        let good = ["muster.yaml": "project: p\n", "a.yaml": "model: m\n", "b.yaml": "model: m\n"]
        for broken in ["model: [\n", "modle: m\n"] {
            var bad = good
            bad["a.yaml"] = broken
            bad["b.yaml"] = "model: n\n"
            try await withRepository([good, bad, good]) { muster in
                let newer = try await muster.run("diff", "r0", "r1")
                #expect(newer.status == 1)
                #expect(newer.output.contains("Does not load: r1: a.yaml:"))
                #expect(newer.output.contains("Specs: 0 added, 1 changed, 0 removed."))
                #expect(newer.errors.contains("not everything was compared, because r1"))
                let older = try await muster.run("diff", "r1", "r2")
                #expect(older.status == 1)
                #expect(older.output.contains("Does not load: r1: a.yaml:"))
                #expect(older.output.contains("Specs: 0 added, 1 changed, 0 removed."))
                let json = try JSONValue(parsing: try await muster.run("diff", "r1", "r2", "--format", "json").output)
                #expect(json["problems"]?[0]?["revision"] == "r1")
            }
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func aBrokenProjectFileIsNotComparedAtAll() async throws {
        try await withRepository([
            ["muster.yaml": "project: [\n", "a.yaml": "model: m\n"],
            ["muster.yaml": "project: p\n", "a.yaml": "model: m\n"],
        ]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output.contains("Does not load: r0: muster.yaml:"))
            #expect(!result.output.contains("is added"))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func aProjectThatIsNewIsAllNew() async throws {
        try await withRepository([["README.md": "x"], ["muster.yaml": "project: p\n", "a.yaml": "model: m\n"]]) {
            muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.status == 0)
            #expect(result.output.contains("Note: r0 has no muster.yaml."))
            #expect(result.output.contains("Specs: 1 added, 0 changed, 0 removed."))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func environmentsAreToldApart() async throws {
        let spec = "model: m\n"
        let before = ["muster.yaml": Self.project, "a.yaml": spec, "b.yaml": spec]
        let after = [
            "muster.yaml": Self.project.replacing("0.5", with: "0.7").replacing("https://s.", with: "https://evil."),
            "a.yaml": spec + "name: both\n", "b.yaml": spec,
        ]
        try await withRepository([before, after]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output.contains("# (only in staging)"))
            #expect(
                result.output.contains(
                    "Note: base_url of the environment staging changes from https://s.example/v1 to https://evil.example/v1."
                ))
            let local = try await muster.run("diff", "r0", "r1", "-e", "local")
            #expect(local.output.contains("Specs: 0 added, 1 changed, 0 removed."))
            #expect(try await muster.run("diff", "r0", "r1", "-e", "nowhere").status == 1)
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func variablesAndSecretsNeedNoValue() async throws {
        let before = [
            "muster.yaml": "project: p\n", "a.yaml": "model: {env: MODEL}\ninstructions: {env: S, secret: true}\n",
        ]
        let after = [
            "muster.yaml": "project: p\n", "a.yaml": "model: {env: OTHER}\ninstructions: {env: T, secret: true}\n",
        ]
        try await withRepository([before, after]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output.contains(#"model        = "${MODEL}" -> "${OTHER}""#))
            #expect(result.output.contains("instructions = (sensitive value)"))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func linksLeadNowhereOutside() async throws {
        try await withRepository([["muster.yaml": "project: p\n", "a.yaml": "model: m\n"]]) { muster in
            let link = muster.folder.appending(path: "a.md").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc/hostname")
            try muster.folder.write(["a.yaml": "model: m\ninstructions: {file: a.md}\n"])
            try await git(muster.folder, "add", "-A")
            try await git(muster.folder, "commit", "-qm", "link")
            let result = try await muster.run("diff", "r0", "HEAD")
            #expect(result.status == 1)
            #expect(result.output.contains("lies outside the project's folder"))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func theMergeBaseLeavesOutWhatTheOtherSideDid() async throws {
        let base = ["muster.yaml": "project: p\n", "a.yaml": "model: m\n", "b.yaml": "model: m\n"]
        try await withRepository([base]) { muster in
            try await git(muster.folder, "checkout", "-qb", "feature")
            try muster.folder.write(["a.yaml": "model: feature\n"])
            try await git(muster.folder, "commit", "-qam", "feature")
            try await git(muster.folder, "checkout", "-q", "main")
            try muster.folder.write(["b.yaml": "model: main\n"])
            try await git(muster.folder, "commit", "-qam", "main")
            let plain = try await muster.run("diff", "main", "feature")
            #expect(plain.output.contains("Specs: 0 added, 2 changed, 0 removed."))
            let fromBase = try await muster.run("diff", "main", "feature", "--merge-base")
            #expect(fromBase.output.contains("Specs: 0 added, 1 changed, 0 removed."))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"), arguments: ["nowhere", "--upload-pack=touch owned", "-h", "a b", ""])
    func aRevisionThatIsNoneIsSaid(name: String) async throws {
        try await withRepository([["muster.yaml": "project: p\n"]]) { muster in
            let result = try await muster.run(["diff", "--", name])
            #expect(result.status == 1)
            #expect(result.errors.contains("git knows no revision \"\(name)\""))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func aFolderWithoutARepositoryIsSaid() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n"])
            let result = try await CommandFixture(folder: folder).run("diff")
            #expect(result.status == 1)
            #expect(result.errors.contains("muster diff compares revisions of a git repository"))
        }
    }

    @Test(.enabled(if: hasGit, "needs git"))
    func manyFilesAreReadInOneGo() async throws {
        var before = ["muster.yaml": "project: p\n"]
        for number in 0..<400 {
            before["a\(number).yaml"] = "model: m\ninstructions: |\n  \(String(repeating: "text ", count: 1_000))\n"
        }
        var after = before
        after["a7.yaml"] = "model: n\n"
        try await withRepository([before, after]) { muster in
            let result = try await muster.run("diff", "r0", "r1")
            #expect(result.output.contains("Specs: 0 added, 1 changed, 0 removed."), "\(result.errors)")
        }
    }
}
