#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A program that was started and not yet waited for, with our ends of its pipes.
struct Child {
    let pid: pid_t
    let input: Int32
    let output: Int32
    let diagnostics: Int32
    /// Whether it has a session, and so a group, of its own.
    let hasOwnSession: Bool

    /// How a program ended.
    enum Ending: Equatable {
        case exited(Int)
        case killed(Int)
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: what to run.
    ///   - mark: added to its environment; its descendants are known by it.
    /// - Throws: ``ProgramFailure``.
    init(_ program: Program, mark: (name: String, value: String)) throws(ProgramFailure) {
        guard let name = program.command.first else { throw ProgramFailure(.notStarted("there is no program")) }
        let variables = program.environment.adding([mark.name: mark.value]).variables
        guard let path = ProgramPath.find(name, path: variables["PATH"], folder: program.folder) else {
            throw ProgramFailure(.notFound(name))
        }
        hasOwnSession = !program.usesTerminal
        let pipes: [Pipe]
        do {
            pipes = try Pipe.make(3)
        } catch {
            throw ProgramFailure(.notStarted(SystemError.text(error.code)))
        }
        (input, output, diagnostics) = (pipes[0].writing, pipes[1].reading, pipes[2].reading)
        let places = [(pipes[0].reading, 0), (pipes[1].writing, 1), (pipes[2].writing, 2)]
            .map { (from: $0.0, to: Int32($0.1)) }
        defer { for place in places { close(place.from) } }
        let environment = variables.map { "\($0.key)=\($0.value)" }
        var spawning = Spawning(places: places, hasOwnSession: hasOwnSession)
        defer { spawning.discard() }
        var code: Int32 = access(path, X_OK) == 0 ? 0 : errno
        var started: pid_t = 0
        if code == 0, let folder = program.folder {
            // The way to a folder that every system has: a shell that goes there and becomes the program.
            let words = ["sh", "-c", "cd -- \"$0\" && exec \"$@\"", folder, path] + program.command.dropFirst()
            (code, started) = spawning.start("/bin/sh", words, environment)
        } else if code == 0 {
            (code, started) = spawning.start(path, program.command, environment)
        }
        if code == ENOEXEC {
            // A script without a first line that names its interpreter, which shells run themselves.
            (code, started) = spawning.start("/bin/sh", ["sh", path] + program.command.dropFirst(), environment)
        }
        guard code == 0 else {
            for end in [input, output, diagnostics] { close(end) }
            throw ProgramFailure(.notStarted(SystemError.text(code)))
        }
        pid = started
        for end in [input, output, diagnostics] { Pipe.makeNonblocking(end) }
    }

    /// Whether the program has ended. It stays a zombie, so that its number means nobody else until ``reap()``.
    var hasEnded: Bool {
        var facts = siginfo_t()
        return waitid(P_PID, id_t(pid), &facts, WEXITED | WNOHANG | WNOWAIT) == 0 && facts.si_signo == SIGCHLD
    }

    /// Waits for a program that has ended or was killed.
    func reap() -> Ending {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited(Int(status >> 8) & 0xFF) : .killed(Int(signal))
    }
}

/// The settings of one `posix_spawn`.
private struct Spawning {
    private var actions: posix_spawn_file_actions_t
    private var attributes: posix_spawnattr_t

    /// `POSIX_SPAWN_SETSID`, a macro that the overlay leaves out.
    #if canImport(Darwin)
        private static let ownSession: Int32 = 0x400
    #else
        private static let ownSession: Int32 = 0x80
    #endif

    init(places: [(from: Int32, to: Int32)], hasOwnSession: Bool) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        for place in places { posix_spawn_file_actions_adddup2(&actions, place.from, place.to) }
        // The child begins with the usual signals, whatever this process ignores or blocks.
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let session = hasOwnSession ? Self.ownSession : 0
        posix_spawnattr_setflags(
            &attributes, Int16(Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | session))
        self.actions = actions
        self.attributes = attributes
    }

    mutating func start(_ path: String, _ arguments: [String], _ environment: [String]) -> (code: Int32, pid: pid_t) {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        let code = posix_spawn(&pid, path, &actions, &attributes, &arguments, &environment)
        return (code, pid)
    }

    mutating func discard() {
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
    }
}
