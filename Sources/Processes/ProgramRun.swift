#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The conversation with one program on one thread: feeds it, reads it, and sees to its end.
///
/// One loop around `poll`, so that the input, both outputs, the time and the wish to stop are looked at together and
/// none can wait for another.
struct ProgramRun {
    private let program: Program
    private let stop: StopSignal
    private let deadline: ContinuousClock.Instant

    private var fed = 0
    private var output: [UInt8] = []
    private var diagnostics = DiagnosticsText()
    /// Set to -1 when closed.
    private var (inputEnd, outputEnd, diagnosticsEnd): (Int32, Int32, Int32) = (-1, -1, -1)

    /// How long what a program wrote is waited for after it has ended, when somebody else still holds its pipe.
    private static let grace = Duration.milliseconds(300)

    init(_ program: Program, _ stop: StopSignal) {
        self.program = program
        self.stop = stop
        // A hundred years are for ever, and do not overflow.
        deadline = .now + min(program.timeout, .seconds(3_000_000_000))
    }

    /// Runs the program to its end.
    func result() -> Result<ProgramOutput, ProgramFailure> {
        // Writing to a program that no longer reads would end this process by a signal.
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
        defer { stop.close() }
        let descendants = Descendants()
        do {
            let child = try Child(program, mark: descendants.mark)
            var run = self
            return run.converse(with: child, descendants)
        } catch {
            return .failure(error)
        }
    }

    private mutating func converse(with child: Child, _ descendants: Descendants) -> Result<
        ProgramOutput, ProgramFailure
    > {
        (inputEnd, outputEnd, diagnosticsEnd) = (child.input, child.output, child.diagnostics)
        let problem = follow(child)
        let isHeld = outputEnd >= 0 || diagnosticsEnd >= 0
        for end in [inputEnd, outputEnd, diagnosticsEnd] where end >= 0 { close(end) }
        if problem != nil {
            descendants.end(of: child)
        } else if !program.mayLeaveChildren {
            // Whoever was left behind ends with the group; who left the group and holds the pipe is looked for.
            isHeld ? descendants.end(of: child) : descendants.endGroup(of: child)
        }
        let ending = child.reap()
        if let problem { return .failure(ProgramFailure(problem, said: diagnostics.text)) }
        switch ending {
        case .exited(0): return .success(ProgramOutput(bytes: output, diagnostics: diagnostics.text))
        case .exited(let code): return .failure(ProgramFailure(.exited(code: code), said: diagnostics.text))
        case .killed(let signal): return .failure(ProgramFailure(.killed(signal: signal), said: diagnostics.text))
        }
    }

    /// Feeds and reads until the program has ended and said all; returns why it must be stopped instead.
    private mutating func follow(_ child: Child) -> ProgramFailure.Reason? {
        var ended: ContinuousClock.Instant?
        while true {
            let now = ContinuousClock.now
            if ended == nil, child.hasEnded { ended = now }
            let isClosed = outputEnd < 0 && diagnosticsEnd < 0
            if let ended, isClosed || now - ended >= Self.grace { return nil }
            if ended == nil, now >= deadline { return .timedOut(program.timeout) }
            // While its pipes are open their end wakes us; only then is there nothing to wait for but the time.
            let pause = Duration.milliseconds(isClosed || ended != nil ? 2 : 20)
            guard let isStopped = wait(min(pause, max(deadline - now, .milliseconds(1)))) else { continue }
            if isStopped { return .cancelled }
            if output.count > program.outputLimit { return .tooMuchOutput(limit: program.outputLimit) }
        }
    }

    /// Waits for something to do, and does it.
    ///
    /// - Returns: whether somebody wants the program ended; nil when nothing happened.
    private mutating func wait(_ pause: Duration) -> Bool? {
        var places = [
            pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: inputEnd, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: outputEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: diagnosticsEnd, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = Int32(max(pause / .milliseconds(1), 1))
        guard poll(&places, nfds_t(places.count), milliseconds) > 0 else { return nil }
        if places[0].revents != 0 { return true }
        if places[1].revents != 0 { feed() }
        if places[2].revents != 0, let bytes = Self.read(&outputEnd) {
            output += bytes.prefix(max(program.outputLimit + 1 - output.count, 0))
        }
        if places[3].revents != 0, let bytes = Self.read(&diagnosticsEnd) { diagnostics.take(bytes) }
        return false
    }

    private mutating func feed() {
        let rest = program.input.dropFirst(fed)
        let written = rest.isEmpty ? 0 : rest.withUnsafeBytes { write(inputEnd, $0.baseAddress, min($0.count, 65_536)) }
        if written > 0 { fed += written }
        // A program that does not read its input is no failure.
        let isRefused = written < 0 && errno != EAGAIN && errno != EINTR
        if isRefused || fed == program.input.count {
            close(inputEnd)
            inputEnd = -1
        }
    }

    /// The next bytes of a pipe; at its end it is closed.
    private static func read(_ descriptor: inout Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { return Array(buffer.prefix(count)) }
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        close(descriptor)
        descriptor = -1
        return nil
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

/// What a program writes to standard error, bounded: the beginning and the end of it.
private struct DiagnosticsText {
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var isCut = false
    private static let half = 4_096

    mutating func take(_ bytes: [UInt8]) {
        let fitting = bytes.prefix(Self.half - head.count)
        head += fitting
        tail += bytes.dropFirst(fitting.count)
        if tail.count > Self.half {
            isCut = true
            tail.removeFirst(tail.count - Self.half)
        }
    }

    var text: String {
        String(decoding: head, as: UTF8.self) + (isCut ? "\n…\n" : "") + String(decoding: tail, as: UTF8.self)
    }
}
