import Foundation
import TestSupport
import Testing

/// Files that somebody made too large, too deep or without an end, and a local server that is asked too much: bounded time and
/// memory, a sentence, an exit code. The tables stand in `Fixtures/big_inputs.py` and `Fixtures/serve_limits.py`.
@Suite(.timeLimit(.minutes(15)))
struct BigInputTests {
    private func run(_ script: String, _ arguments: [String]) async throws {
        let path = OutsideProgram.fixtures().appending(path: script).path
        let result = try await OutsideProgram.run("python3", [path, CommandFixture.program.path] + arguments)
        print(result.output)
        #expect(result.status == 0, "\(result.output)")
    }

    /// One of each kind, none of which writes much.
    @Test(
        .enabled(if: OutsideProgram.isInstalled("python3"), "needs python3"),
        arguments: [
            "sparse_yaml", "sparse_prompt", "sparse_plan", "combinations_without_end", "sets_that_use_themselves",
            "pattern_nested_deep", "deep_schema", "lone_carriage_return", "endless_latency",
            "a_pipe_in_place_of_a_spec", "unknown_keys", "forty_times_one_picture",
        ])
    func whatIsTooMuchIsRefused(_ name: String) async throws {
        try await run("big_inputs.py", [name])
    }

    @Test(.enabled(if: LongTests.areWanted, "needs make check"))
    func everythingThatIsTooMuchIsRefused() async throws {
        try await run("big_inputs.py", [])
    }

    @Test(
        .enabled(if: OutsideProgram.isInstalled("python3"), "needs python3"),
        arguments: ["second_interrupt", "full_disk", "slow_pattern"])
    func aServerAtItsEnd(_ name: String) async throws {
        try await run("serve_limits.py", [name])
    }

    @Test(.enabled(if: LongTests.areWanted, "needs make check"), arguments: ["half_requests", "batch_of_files"])
    func aServerThatIsAskedTooMuch(_ name: String) async throws {
        try await run("serve_limits.py", [name])
    }
}
