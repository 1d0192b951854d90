import Files
import Foundation
import Reporting
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard output for results, standard error for progress, logs and problems. The only place that looks at the
/// terminal.
struct Console: Sendable {
    let output: Palette
    let errors: Palette
    /// Columns of the terminal that gets the results; nil for a pipe or a file, whose lines are never broken.
    let width: Int?
    let isQuiet: Bool
    let isVerbose: Bool

    init(_ options: CommonOptions) {
        output = Palette(isColored: Self.isColored(options.color, STDOUT_FILENO))
        errors = Palette(isColored: Self.isColored(options.color, STDERR_FILENO))
        width = Self.columns(STDOUT_FILENO)
        isQuiet = options.quiet
        isVerbose = options.verbose
    }

    /// A result.
    func print(_ text: String) {
        Self.write(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n", to: STDOUT_FILENO)
    }

    /// A piece of a result, without a line break of its own.
    func printPart(_ text: String) {
        Self.write(text, to: STDOUT_FILENO)
    }

    /// What is going on; left out with `--quiet`.
    func progress(_ text: String) {
        guard !isQuiet else { return }
        Self.write(text + "\n", to: STDERR_FILENO)
    }

    /// Every request, with `--verbose`.
    func log(_ text: String) {
        guard isVerbose else { return }
        Self.write(errors.paint(text, .dim) + "\n", to: STDERR_FILENO)
    }

    func warning(_ text: String) {
        Self.write("\(errors.paint("warning:", .warning)) \(DisplayText.inert(text))\n", to: STDERR_FILENO)
    }

    func error(_ text: String, help: String? = nil) {
        Self.write("\(errors.paint("error:", .failure)) \(DisplayText.inert(text))\n", to: STDERR_FILENO)
        if let help { Self.write("  help: \(DisplayText.inert(help))\n", to: STDERR_FILENO) }
    }

    /// Text that is already laid out, for standard error.
    func problem(_ text: String) {
        Self.write(text, to: STDERR_FILENO)
    }

    /// Asks a question on the terminal.
    ///
    /// - Returns: the line that was typed; nil at the end of input.
    func ask(_ question: String) -> String? {
        Self.write(question, to: STDERR_FILENO)
        return readLine()
    }

    /// Whether standard error is a terminal on which lines may be drawn over; not with `--quiet` or `--verbose`.
    var drawsOnErrors: Bool {
        let environment = ProcessInfo.processInfo.environment
        return !isQuiet && !isVerbose && isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
            && environment["CI"] == nil
    }

    /// Columns of the lines on standard output: the terminal's, or as many as a log is read with.
    static var outputWidth: Int {
        isatty(STDOUT_FILENO) == 1 ? size.columns : 160
    }

    /// The terminal's size; the usual one where nobody says.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 {
            if size.ws_col > 0 { return (Int(size.ws_col), max(Int(size.ws_row), 2)) }
        }
        return (80, 24)
    }

    static var isInteractive: Bool {
        isatty(STDIN_FILENO) == 1
    }

    /// Why results could not be written; nil when all were, or when their reader wants no more.
    static var outputProblem: OutputProblem? {
        let code = failure.load(ordering: .relaxed)
        return code == 0 ? nil : OutputProblem(path: "standard output", code: Int32(truncatingIfNeeded: code))
    }

    private static let failure = Atomic<Int>(0)

    /// Writes everything but secrets, also to a pipe that takes little at a time. A reader that is gone ends the output, not the
    /// work; a disk that is full is remembered, so that the command fails in the end.
    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(RunSecrets.mask(text).utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                    Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if written < 0, errno == EINTR { continue }
            if written < 0, errno == EAGAIN {
                waitUntilWritable(descriptor)
                continue
            }
            guard written > 0 else {
                if errno != EPIPE, descriptor == STDOUT_FILENO { failure.store(Int(errno), ordering: .relaxed) }
                return
            }
            bytes = bytes.dropFirst(written)
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wish, 1, -1)
    }

    private static func columns(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// `NO_COLOR` (no-color.org), `CLICOLOR_FORCE` (bixense.com/clicolors) and dumb terminals are respected.
    private static func isColored(_ choice: CommonOptions.Color, _ descriptor: Int32) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        switch choice {
        case .always: return true
        case .never: return false
        case .auto:
            if let value = environment["NO_COLOR"], !value.isEmpty { return false }
            if let value = environment["CLICOLOR_FORCE"], !value.isEmpty, value != "0" { return true }
            return isatty(descriptor) == 1 && environment["TERM"] != "dumb" && environment["CI"] == nil
        }
    }
}
