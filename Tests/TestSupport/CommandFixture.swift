package import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a run of the built program left behind.
package struct CommandResult: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String
}

/// A program that was started.
package struct RunningCommand: Sendable {
    /// Of the process, for signals.
    package let identifier: Int32
    fileprivate let ends: AsyncStream<Int32>

    /// Waits for the end.
    ///
    /// - Returns: the exit status, or the number of the signal that ended it.
    @discardableResult
    package func wait() async -> Int32 {
        for await status in ends { return status }
        return -1
    }
}

/// Runs the built `muster` as a user would.
package struct CommandFixture: Sendable {
    /// Where it runs.
    package let folder: URL
    /// Variables beside a bare environment: no colours, no keys of the person who runs the tests.
    package var environment: [String: String]

    package init(folder: URL, environment: [String: String] = [:]) {
        self.folder = folder
        self.environment = environment
    }

    /// The program that the tests were built with.
    package static var program: URL {
        // The test bundle and the program are built into one folder; the bundle is the running program's first argument
        // on Linux.
        let candidates = CommandLine.arguments.prefix(1).map { URL(filePath: $0) } + [Bundle.main.bundleURL]
        for candidate in candidates {
            var directory = candidate
            for _ in 0..<4 {
                let program = directory.appending(path: "muster")
                if FileManager.default.isExecutableFile(atPath: program.path()) { return program }
                directory = directory.deletingLastPathComponent()
            }
        }
        return URL(filePath: "muster")
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: the command line.
    ///   - input: its standard input.
    /// - Returns: its exit status and what it wrote.
    /// - Throws: when it cannot be started.
    package func run(_ arguments: String..., input: String = "") async throws -> CommandResult {
        try await run(arguments, input: input)
    }

    /// The program, not yet started.
    private func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path(percentEncoded: false), "LANG": "C.UTF-8"]
            .merging(environment) { $1 }
        return process
    }

    /// Starts the program without waiting for its end.
    ///
    /// - Parameters:
    ///   - arguments: the command line.
    ///   - output: takes what it writes; nil loses it.
    /// - Returns: the program as it runs.
    /// - Throws: when it cannot be started.
    package func start(_ arguments: [String], output: Pipe? = nil) throws -> RunningCommand {
        let process = process(arguments)
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = output ?? FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let (ends, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        return RunningCommand(identifier: process.processIdentifier, ends: ends)
    }

    /// Runs the program to its end; see ``run(_:input:)-(String...,_)``.
    package func run(_ arguments: [String], input: String = "") async throws -> CommandResult {
        try await ProgramSlots.shared.withSlot { try await runNow(arguments, input: input) }
    }

    private func runNow(_ arguments: [String], input: String) async throws -> CommandResult {
        let process = process(arguments)
        let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = standardInput
        return try await withCheckedThrowingContinuation { continuation in
            let collected = Mutex<[Int: Data]>([:])
            let readers = DispatchGroup()
            for (index, pipe) in [output, errors].enumerated() {
                readers.enter()
                DispatchQueue.global().async {
                    let data = wholeContents(of: pipe.fileHandleForReading)
                    collected.withLock { $0[index] = data }
                    readers.leave()
                }
            }
            process.terminationHandler = { process in
                readers.notify(queue: .global()) {
                    let text = { (index: Int) in
                        String(decoding: collected.withLock { $0[index] } ?? Data(), as: UTF8.self)
                    }
                    continuation.resume(
                        returning: CommandResult(status: process.terminationStatus, output: text(0), errors: text(1)))
                }
            }
            do {
                try process.run()
                standardInput.fileHandleForWriting.write(Data(input.utf8))
                try standardInput.fileHandleForWriting.close()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

/// Everything up to the end of a file. Foundation's own reading ends the process when a signal interrupts it (EINTR).
private func wholeContents(of handle: FileHandle) -> Data {
    // Without its handle the descriptor would be closed, and soon be another file's.
    withExtendedLifetime(handle) {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(handle.fileDescriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return data }
            data.append(contentsOf: buffer[..<count])
        }
    }
}

/// What a program writes while it runs.
package final class RunningOutput {
    private var iterator: AsyncStream<String>.AsyncIterator
    private var text = ""

    /// - Parameter pipe: into which the program writes.
    package init(_ pipe: Pipe) {
        let (pieces, continuation) = AsyncStream<String>.makeStream()
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                return continuation.finish()
            }
            continuation.yield(String(decoding: data, as: UTF8.self))
        }
        iterator = pieces.makeAsyncIterator()
    }

    /// Waits for a text; what was read up to it is not seen again.
    ///
    /// - Parameters:
    ///   - end: the text.
    ///   - isolation: the caller's.
    /// - Returns: everything up to it; or to the end of the output, where it never comes.
    package func read(upTo end: String, isolation: isolated (any Actor)? = #isolation) async -> String {
        while true {
            if let place = text.range(of: end) {
                let read = String(text[..<place.upperBound])
                text = String(text[place.upperBound...])
                return read
            }
            guard let piece = await iterator.next(isolation: isolation) else { return text }
            text += piece
        }
    }
}
