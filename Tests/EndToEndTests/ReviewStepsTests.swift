import Foundation
import TestSupport
import Testing

/// The steps of the action and of the GitLab template, run as a runner would, against a code host on loopback.
struct ReviewStepsTests {
    private static let hasShell = ["bash", "curl", "jq", "python3", "git"].allSatisfy(OutsideProgram.isInstalled)
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    private func run(_ name: String, _ host: String) async throws {
        let result = try await OutsideProgram.run(
            "python3",
            [
                Self.fixtures.appending(path: "review_steps.py").path,
                OutsideProgram.repository.appending(path: "ci/steps").path, name, host,
            ],
            environment: ["MUSTER_PROGRAM": CommandFixture.program.path, "PYTHONDONTWRITEBYTECODE": "1"])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        .enabled(if: hasShell, "needs bash, curl, jq, python3 and git"),
        arguments: [
            "created", "replaced", "found_on_a_later_page", "comments_of_others_are_left_alone",
            "other_environments_are_left_alone", "rate_limited", "rate_limited_for_ever", "too_large",
            "as_large_as_the_host_takes", "forbidden_on_forks", "a_wrong_token_is_said",
            "server_errors_are_tried_again", "a_lost_answer_makes_no_twin", "a_file_that_is_no_review_is_refused",
            "hostile_reviews_arrive_unchanged", "the_reviewed_digest_is_found", "a_forged_digest_does_not_count",
            "a_commit_without_a_review_has_no_digest", "a_review_that_cannot_be_posted_fails",
            "a_marker_held_by_another_bot_does_not_keep_ours_out", "an_edited_review_does_not_count",
            "a_push_after_the_review_is_refused", "a_review_of_another_request_does_not_count",
            "a_request_into_another_branch_does_not_count", "without_a_key_nothing_is_proven",
        ], ["github", "gitlab"])
    func comments(name: String, host: String) async throws {
        try await run(name, host)
    }

    @Test(
        .enabled(if: hasShell, "needs bash, curl, jq, python3 and git"),
        arguments: [
            "planned", "what_was_not_reviewed_is_not_applied", "a_broken_spec_is_annotated", "tested",
            "a_failing_test_is_annotated", "drift_is_found", "compared", "a_link_in_place_of_the_output_is_refused",
            "a_proposal_cannot_send_the_key_elsewhere", "a_proposal_runs_no_program",
            "an_apply_leaves_what_it_overwrote", "previewed", "a_preview_of_a_proposal_sends_nothing_elsewhere",
        ])
    func jobs(name: String) async throws {
        try await run(name, "github")
    }

    @Test(
        .enabled(if: hasShell && OutsideProgram.isInstalled("openssl"), "needs bash, curl, jq, python3, openssl"),
        arguments: [
            "a_release_is_installed", "the_archive_of_make_dist_is_installed", "a_release_is_fetched_once",
            "what_lies_in_the_cache_is_not_believed", "a_release_with_another_checksum_is_refused",
            "half_a_release_is_refused", "a_release_without_a_checksum_is_refused",
            "a_release_that_is_not_there_is_said", "a_release_over_plain_http_is_refused",
            "a_redirection_to_plain_http_is_refused", "a_server_that_nobody_vouches_for_is_refused",
            "a_strange_version_is_refused",
        ])
    func installations(name: String) async throws {
        try await run(name, "github")
    }
}

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

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func theFilesFitTheirSchemas() async throws {
        let action = OutsideProgram.repository.appending(path: "action.yml").path
        try await judge("check-jsonschema", ["--builtin-schema", "vendor.github-actions", action])
        try await judge(
            "check-jsonschema",
            ["--builtin-schema", "vendor.github-workflows"] + files("ci/github")
                + files(".github/workflows"))
        try await judge("check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci"] + files("ci/gitlab"))
    }

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func anAuditorFindsNothing() async throws {
        let action = OutsideProgram.repository.appending(path: "action.yml").path
        try await judge(
            "zizmor",
            ["--offline", "--no-progress", "--persona", "auditor", action] + files("ci/github")
                + files(".github/workflows"))
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
        let action = try String(
            contentsOf: OutsideProgram.repository.appending(path: "action.yml"), encoding: .utf8)
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
