import Foundation
import JSONModel
import TestSupport
import Testing

/// A minute of load on the local server: fifty event streams at once beside two hundred requests a second, also with many who
/// read slowly.
@Suite(.timeLimit(.minutes(5)), .enabled(if: LongTests.areWanted, "needs make check"))
struct LoadTests {
    private static let seconds = 60
    private static let rules = """
        {"rules": [{"says": "take your time", "reply": "one two three four five six seven eight nine", "pause_ms": 100}]}
        """

    /// What the load's program has counted and measured, as it prints it.
    private static func load(slowReaders: Int = 0) async throws -> JSONValue {
        try await withTemporaryDirectory { folder in
            try folder.write(["rules.json": rules])
            let (process, address) = try await ServedProgram.start(in: folder, ["--rules", "rules.json"])
            defer { process.terminate() }
            let script = OutsideProgram.fixtures().appending(path: "load.py").path
            let result = try await OutsideProgram.run(
                "python3", [script, address, "\(seconds)", "\(process.processIdentifier)", "\(slowReaders)"])
            print("load: \(result.output)")
            return try JSONValue(parsing: result.output)
        }
    }

    @Test func aMinuteOfLoadFailsNothingAndLeavesMemoryLevel() async throws {
        let figures = try await Self.load()
        #expect(figures["failures"] == 0, "\(figures.text())")
        // One in twenty may be late on a busy machine; what is sent is answered all the same.
        #expect((figures["requests"]?.int ?? 0) >= Self.seconds * 200 * 19 / 20)
        #expect((figures["open"]?.double ?? 0) >= 45)
        Self.expectLevelMemory(figures)
    }

    /// Two hundred who take an answer of 14 MB so slowly that a minute does not suffice: once three gigabytes.
    @Test func aMinuteOfSlowReadersLeavesMemoryLevel() async throws {
        let figures = try await Self.load(slowReaders: 200)
        #expect(figures["failures"] == 0, "\(figures.text())")
        #expect((figures["slow_mib"]?.double ?? 0) > 200)
        #expect((figures["peak_mib"]?.double ?? .infinity) < 500)
        Self.expectLevelMemory(figures)
    }

    private static func expectLevelMemory(_ figures: JSONValue) {
        let (early, late) = (figures["early_mib"]?.double ?? 0, figures["late_mib"]?.double ?? .infinity)
        #expect(late <= early * 1.1, "\(early) MiB, then \(late) MiB")
    }
}
