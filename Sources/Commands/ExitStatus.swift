import ArgumentParser

/// The exit codes. docs/design.md#commands.
enum ExitStatus: Int32 {
    case done = 0
    case failed = 1
    case changesPresent = 2
    case refused = 3
    case testsFailed = 4
    case partlyApplied = 5
    case interrupted = 130

    var code: ExitCode { ExitCode(rawValue) }
}

/// Why a command ends early: what to tell people, and the exit code.
struct CommandFailure: Error {
    let status: ExitStatus
    /// Sentences for standard error; empty when everything has been said.
    let message: String
    /// What to do next.
    let help: String?

    init(_ status: ExitStatus = .failed, _ message: String = "", help: String? = nil) {
        self.status = status
        self.message = message
        self.help = help
    }
}
