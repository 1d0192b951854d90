import Foundation
import TestSupport
import Testing

/// The built program's local server, in a process of its own.
enum ServedProgram {
    /// Starts the server on a free port, its storage the file `server.sqlite`.
    ///
    /// - Parameters:
    ///   - folder: where it runs.
    ///   - arguments: further ones.
    /// - Returns: the process, to be ended by the caller, and where its paths begin.
    /// - Throws: when it does not start.
    static func start(in folder: URL, _ arguments: [String] = []) async throws -> (Process, address: String) {
        let process = Process()
        process.executableURL = CommandFixture.program
        process.arguments = ["serve", "--port", "0", "--flavor", "openai", "--store", "server.sqlite"] + arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let line = await output.firstLine()
        let address = line.split(separator: " ").first { $0.hasPrefix("http://") }
        return (process, String(try #require(address, "the server did not start: \(line)")))
    }
}
