import ArgumentParser

/// The exit codes. docs/design.md#commands.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case failed = 1
    case changesPresent = 2
    case refused = 3
    case testsFailed = 4
    case partlyApplied = 5
    case wrongUsage = 64
    case interrupted = 130

    var code: ExitCode { ExitCode(rawValue) }

    /// What it means, for help and the reference.
    var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "it could not be done"
        case .changesPresent: "there are changes (plan --detailed-exitcode)"
        case .refused: "refused"
        case .testsFailed: "tests failed"
        case .partlyApplied: "apply partly done"
        case .wrongUsage: "wrong usage"
        case .interrupted: "interrupted"
        }
    }

    /// What to look at then.
    var remedy: String {
        switch self {
        case .done: "Also where there was nothing to do."
        case .failed: "The error and its help; files, servers and disks that failed."
        case .changesPresent: "The plan or diff."
        case .refused: "What was refused: a stale plan, drift, a deletion, an empty selection; nothing was written."
        case .testsFailed: "Expected and actual of each test at the end of the output."
        case .partlyApplied: "The end of the output says what was done; apply again."
        case .wrongUsage: "muster help COMMAND."
        case .interrupted: "The next apply, test cleanup or preview cleanup finishes or takes back what was begun."
        }
    }
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
