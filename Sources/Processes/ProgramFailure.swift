import TextSafety

/// Why a program gave no output that counts.
package struct ProgramFailure: Error, Equatable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// No program of this name, or no such file.
        case notFound(String)
        /// The system could not start it; its words.
        case notStarted(String)
        case exited(code: Int)
        case killed(signal: Int)
        case tooMuchOutput(limit: Int)
        case timedOut(Duration)
        case cancelled
        /// It was not started: ``ProjectPrograms`` are held.
        case unreviewed
    }

    package let reason: Reason
    /// What it wrote to standard error, made inert and short; empty when it wrote nothing.
    package let said: String

    init(_ reason: Reason, said: String = "") {
        self.reason = reason
        self.said = InertText.excerpt(said)
    }

    /// Whether it ran to its end and said itself that it failed; false when it could not be run or was stopped.
    package var isOwnVerdict: Bool {
        if case .exited = reason { true } else { false }
    }

    /// What went wrong, without anything that the program wrote.
    package var kind: String {
        switch reason {
        case .notFound(let name) where name.contains("/"): "there is no program at \(InertText.excerpt(name))"
        case .notFound(let name): "there is no program \"\(InertText.excerpt(name))\" on the PATH"
        case .notStarted(let problem): "it could not be started (\(problem))"
        case .exited(let code): "it ended with exit code \(code)"
        case .killed(let signal): "it was ended by signal \(signal)"
        case .tooMuchOutput(let limit): "it wrote more than \(Self.words(bytes: limit))"
        case .timedOut(let limit): "it took longer than \(Self.words(limit))"
        case .cancelled: "it was interrupted"
        case .unreviewed: "it is of a revision that nobody has reviewed, so it was not run"
        }
    }

    package var description: String { said.isEmpty ? kind : "\(kind): \(said)" }

    private static func words(bytes: Int) -> String {
        bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
    }

    private static func words(_ duration: Duration) -> String {
        duration >= .seconds(1) ? "\(duration.components.seconds) s" : "\(Int64(duration / .milliseconds(1))) ms"
    }
}
