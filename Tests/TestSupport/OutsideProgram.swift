package import Foundation

/// Programs that were never written for this project, and where they are.
package enum OutsideProgram {
    /// The folder that `make_venvs.sh` filled; nil where nobody did.
    package static let venvs = ProcessInfo.processInfo.environment["MUSTER_SDK_VENVS"].map { URL(filePath: $0) }

    /// The top of the checkout.
    package static let repository = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    /// Whether a program is on the path.
    package static func isInstalled(_ program: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// The interpreter of a virtual environment; the system's where there is none.
    package static func python(_ name: String) -> String {
        venvs?.appending(path: "\(name)/bin/python").path ?? "python3"
    }

    /// The folder `Fixtures` beside a test file.
    package static func fixtures(beside file: String = #filePath) -> URL {
        URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
    }

    /// What a run left behind.
    package struct Result: Sendable {
        package let status: Int32
        /// Both its outputs in one text.
        package let output: String
    }

    /// Runs a program to its end, without input.
    ///
    /// - Parameters:
    ///   - program: on the path, or by its place.
    ///   - arguments: its command line.
    ///   - environment: variables beside this process's own.
    /// - Returns: its status and what it wrote.
    /// - Throws: when it cannot be started.
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Result {
        try await ProgramSlots.shared.withSlot { try await runNow(program, arguments, environment) }
    }

    private static func runNow(
        _ program: String, _ arguments: [String], _ environment: [String: String]
    ) async throws -> Result {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "output")
            try Data().write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [program] + arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
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
