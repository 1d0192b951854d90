import Foundation
import TestSupport
import Testing

/// Every command that talks to a server, and the local server before an upstream, against a server that means no good:
/// no signal, no hang, no more than 500 MB. The table of behaviours stands in `Fixtures/hostile_server.py`.
struct HostileServerTests {
    private func expectEnds(_ behaviours: [String]) async throws {
        let table = OutsideProgram.fixtures().appending(path: "hostile_table.py").path
        let result = try await OutsideProgram.run("python3", [table, CommandFixture.program.path] + behaviours)
        #expect(result.status == 0, "\(result.output)")
    }

    /// One of each kind.
    @Test(.timeLimit(.minutes(3)))
    func everyKindEnds() async throws {
        let kinds = [
            "endless-event", "cut-stream", "status-000", "wrong-types", "numbers", "escapes", "redirect-self",
            "many-calls",
        ]
        try await expectEnds(kinds)
    }

    @Test(.timeLimit(.minutes(15)), .enabled(if: LongTests.areWanted, "takes minutes"))
    func everyBehaviourEnds() async throws {
        try await expectEnds([])
    }
}
