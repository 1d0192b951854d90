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
            "a_token_that_may_only_read_finds_the_review", "a_review_of_another_environment_does_not_count",
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
            "a_change_of_where_and_how_is_shown_first", "an_output_of_two_lines_is_refused",
            "a_strange_command_of_the_action_fails",
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
