import Foundation
import JSONModel
import TestSupport
import Testing

/// A minute of load on the local server: fifty event streams at once beside two hundred requests a second.
@Suite(.timeLimit(.minutes(5)), .enabled(if: LongTests.areWanted, "needs make check"))
struct LoadTests {
    private static let seconds = 60
    private static let rules = """
        {"rules": [{"says": "take your time", "reply": "one two three four five six seven eight nine", "pause_ms": 100}]}
        """

    @Test func aMinuteOfLoadFailsNothingAndLeavesMemoryLevel() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["rules.json": Self.rules])
            let (process, address) = try await serve(folder)
            defer { process.terminate() }
            let script = OutsideProgram.fixtures().appending(path: "load.py").path
            let result = try await OutsideProgram.run(
                "python3", [script, address, "\(Self.seconds)", "\(process.processIdentifier)"])
            let figures = try JSONValue(parsing: result.output)
            print("load: \(figures.text())")
            #expect(figures["failures"] == 0, "\(figures.text())")
            // One in twenty may be late on a busy machine; what is sent is answered all the same.
            #expect((figures["requests"]?.int ?? 0) >= Self.seconds * 200 * 19 / 20)
            #expect((figures["open"]?.double ?? 0) >= 45)
            let (early, late) = (figures["early_mib"]?.double ?? 0, figures["late_mib"]?.double ?? .infinity)
            #expect(late <= early * 1.1, "\(early) MiB, then \(late) MiB")
        }
    }

    /// Starts the built program's server on a free port, its storage a file.
    private func serve(_ folder: URL) async throws -> (Process, address: String) {
        let process = Process()
        process.executableURL = CommandFixture.program
        process.arguments = [
            "serve", "--port", "0", "--flavor", "openai", "--store", "load.sqlite", "--rules", "rules.json",
        ]
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let line = await output.firstLine()
        let address = line.split(separator: " ").first { $0.hasPrefix("http://") }
        return (process, String(try #require(address)))
    }
}
