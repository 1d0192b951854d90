import Foundation

/// One run of another program, bounded in time and output: the only way in which the house starts a program.
///
/// The program gets its own session, so that it can be ended with everything that it started; see ``Descendants``.
package struct Program: Sendable {
    /// The program and its arguments; nothing is read by a shell. A name with a slash is a path, as it stands or relative
    /// to ``folder``; a bare name is looked up in the child's `PATH`.
    package var command: [String]
    /// Its standard input. A program that does not read it is no failure.
    package var input: [UInt8]
    /// Where it runs; nil is the working directory.
    package var folder: String?
    package var environment: ChildEnvironment
    /// How long it may take before it is ended.
    package var timeout: Duration
    /// The most bytes that it may write to standard output.
    package var outputLimit: Int
    /// Who names it.
    package var origin = Origin.project

    /// Who names a program.
    package enum Origin: Sendable {
        /// A file of the project; see ``ProjectPrograms``.
        case project
        /// Muster itself.
        case house
    }

    /// Whether it may ask a person at the terminal, as the helpers of password stores do.
    package var usesTerminal = false
    /// Whether programs that it started may go on after it has ended well: a `setup` that starts a server.
    package var mayLeaveChildren = false

    /// How many bytes a program may write, unless its caller expects more.
    package static let standardOutputLimit = 1 << 20

    package init(
        _ command: [String], input: [UInt8] = [], folder: String? = nil,
        environment: ChildEnvironment = .withoutKeys(), timeout: Duration, outputLimit: Int = standardOutputLimit
    ) {
        self.command = command
        self.input = input
        self.folder = folder
        self.environment = environment
        self.timeout = timeout
        self.outputLimit = outputLimit
    }

    /// Runs the program and waits for it. When the task is cancelled, the program is ended.
    ///
    /// - Returns: what it wrote, or why that does not count.
    package func run() async -> Result<ProgramOutput, ProgramFailure> {
        guard origin == .house || !ProjectPrograms.areHeld else { return .failure(ProgramFailure(.unreviewed)) }
        let stop: StopSignal
        do {
            stop = try StopSignal()
        } catch {
            return .failure(ProgramFailure(.notStarted(SystemError.text(error.code))))
        }
        // A thread of its own: it blocks, and the pool of the language's tasks must not.
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: ProgramRun(self, stop).result()) }
            }
        } onCancel: {
            stop.send()
        }
    }
}

/// What a program that ended well wrote.
package struct ProgramOutput: Equatable, Sendable {
    package let bytes: [UInt8]
    /// What it wrote to standard error; of a long text the beginning and the end.
    package let diagnostics: String

    /// Standard output as text; what is no UTF-8 becomes U+FFFD.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
