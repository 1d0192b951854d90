import Foundation
import TestSupport
import Testing

/// Programs that were never written for this server, and where they are.
enum OutsideProgram {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The folder that `make_venvs.sh` filled; nil where nobody did.
    static let venvs = ProcessInfo.processInfo.environment["MUSTER_SDK_VENVS"].map { URL(filePath: $0) }

    /// The published schemas, where they stand beside the checkout.
    static let openapi: URL? = {
        var root = fixtures
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let file = root.deletingLastPathComponent().appending(path: "shared/openapi/assistants-v2.json")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }()

    /// Whether tests that take minutes are wanted.
    static let runsLongTests = LongTests.areWanted

    static func isInstalled(_ program: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    static func python(_ version: String) -> String {
        venvs?.appending(path: "\(version)/bin/python").path ?? "python3"
    }

    struct Result: Sendable {
        let status: Int32
        let output: String
    }

    /// Runs a program to its end, both its outputs in one text.
    static func run(_ program: String, _ arguments: [String]) async throws -> Result {
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
