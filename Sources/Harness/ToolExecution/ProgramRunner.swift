import AssistantsClient
import Subprocess
import TextSafety

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs a program for its output, bounded in time and size.
package enum ProgramRunner {
    /// The most bytes that a program may write, unless its caller expects more.
    private static let outputLimit = 1 << 20

    /// Why there is no output.
    package struct Failure: Error, CustomStringConvertible {
        /// What went wrong, without anything that the program wrote.
        package let kind: String
        /// True when it ran to its end and said that it failed; false when it could not be run or was stopped.
        package var isOwnVerdict = false
        /// The beginning of what it wrote to standard error, made inert; empty when it wrote nothing.
        package let said: String

        package var description: String { said.isEmpty ? kind : "\(kind): \(said)" }
    }

    /// Runs a program and waits for it.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments; nothing is read by a shell.
    ///   - input: its standard input.
    ///   - timeout: how long it may take before it is ended.
    /// - Returns: what it wrote to standard output, or why there is nothing.
    package static func output(
        of command: [String], input: String, timeout: Duration
    ) async -> Result<String, Failure> {
        let bytes = await bytes(of: command, input: Array(input.utf8), timeout: timeout, limit: outputLimit)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Runs a program whose output is not text, or long.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments; nothing is read by a shell.
    ///   - input: its standard input.
    ///   - timeout: how long it may take before it is ended.
    ///   - limit: the most bytes that it may write.
    /// - Returns: what it wrote to standard output, or why there is nothing.
    package static func bytes(
        of command: [String], input: [UInt8], timeout: Duration, limit: Int
    ) async -> Result<[UInt8], Failure> {
        guard let program = command.first else { return .failure(Failure(kind: "there is no program", said: "")) }
        let result = await withTaskGroup(of: Result<[UInt8], Failure>?.self) { group in
            group.addTask { await run(program, Array(command.dropFirst()), input, limit) }
            group.addTask {
                try? await Patience.sleep(for: timeout)  // cancelled: the program has ended
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        return result ?? .failure(Failure(kind: "it took longer than \(timeout.words)", said: ""))
    }

    /// A program that ends before it has read its input must not end this process by the signal that the system sends
    /// then; NIO ignores it just the same, but only once there is a socket.
    private static let brokenPipesAreIgnored: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// The input is written by hand, and a program that ends without reading it is no failure: Subprocess 1.0.2 ends
    /// this process when it writes an input of its own to such a program (its issue 367).
    private static func run(
        _ program: String, _ arguments: [String], _ input: [UInt8], _ limit: Int
    ) async -> Result<[UInt8], Failure> {
        brokenPipesAreIgnored
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: Arguments(arguments), input: .inputWriter,
                output: .bytes(limit: limit), error: .string(limit: 4_096)
            ) { execution in
                _ = try? await execution.standardInputWriter.write(input)  // as said above
                _ = try? await execution.standardInputWriter.finish()  // closed already is closed
            }
            guard result.terminationStatus.isSuccess else {
                let isExit = if case .exited = result.terminationStatus { true } else { false }
                return .failure(
                    Failure(
                        kind: "\(result.terminationStatus)", isOwnVerdict: isExit,
                        said: InertText.excerpt(result.standardError)))
            }
            return .success(result.standardOutput)
        } catch {
            return .failure(Failure(kind: "\(error)", said: ""))
        }
    }
}
