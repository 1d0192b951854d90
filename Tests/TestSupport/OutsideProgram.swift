package import Foundation

/// Programs that others wrote, and where they are.
package enum OutsideProgram {
    /// The folder that `make_venvs.sh` filled; nil where nobody did.
    package static let venvs = ProcessInfo.processInfo.environment["MUSTER_SDK_VENVS"].map { URL(filePath: $0) }

    package static func isInstalled(_ program: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// The Python of a virtual environment.
    package static func python(_ version: String) -> String {
        venvs?.appending(path: "\(version)/bin/python").path ?? "python3"
    }

    /// The folder `Fixtures` beside a test file.
    package static func fixtures(beside file: String = #filePath) -> URL {
        URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
    }

    package struct Result: Sendable {
        package let status: Int32
        package let output: String
    }

    /// Runs a program to its end, both its outputs in one text.
    package static func run(_ program: String, _ arguments: [String]) async throws -> Result {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "output")
            try Data().write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [program] + arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: file)
            process.standardError = process.standardOutput
            let (ended, hasEnded) = AsyncStream.makeStream(of: Void.self)
            process.terminationHandler = { _ in hasEnded.finish() }
            try process.run()
            for await _ in ended {}
            return Result(
                status: process.terminationStatus, output: String(decoding: try Data(contentsOf: file), as: UTF8.self))
        }
    }
}
