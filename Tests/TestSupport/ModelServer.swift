import Foundation

/// A real language model behind a chat-completions server: SmolLM2, run by llama.cpp, both from PyPI.
package struct ModelServer: Sendable {
    /// Where its paths begin, `/v1` included.
    package let address: String
    private let process: Int32

    /// Whether `make check` has prepared what the server needs.
    package static let isWanted =
        LongTests.areWanted
        && OutsideProgram.venvs.map {
            FileManager.default.fileExists(atPath: $0.appending(path: "model/ready").path())
        } == true

    /// Ends the server at once, whatever it is saying.
    package func stop() {
        kill(process, SIGKILL)
    }

    /// Runs `body` with the model's server.
    ///
    /// - Throws: when the server does not start, and what `body` throws.
    package static func with(_ body: (ModelServer) async throws -> Void) async throws {
        let process = Process()
        process.executableURL = URL(filePath: OutsideProgram.python("model"))
        process.arguments = [OutsideProgram.fixtures().appending(path: "model_server.py").path()]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // A polite signal leaves llama.cpp running.
        defer { kill(process.processIdentifier, SIGKILL) }
        let address = await output.firstLine()
        guard address.hasPrefix("http://") else { throw DidNotStart() }
        try await body(ModelServer(address: address + "/v1", process: process.processIdentifier))
    }

    private struct DidNotStart: Error {}
}
