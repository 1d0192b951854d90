import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system said when a call failed.
struct SystemError: Error, Equatable {
    let code: Int32

    static var last: SystemError { SystemError(code: errno) }

    static func text(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}

/// Two ends of a pipe, neither of which a child inherits unasked.
struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .last }
        // Above the three standard places, so that putting one end there cannot overwrite another.
        let moved = ends.map { end in
            let copy = fcntl(end, F_DUPFD_CLOEXEC, 3)
            close(end)
            return copy
        }
        guard moved.allSatisfy({ $0 >= 0 }) else {
            let error = SystemError.last
            for end in moved where end >= 0 { close(end) }
            throw error
        }
        (reading, writing) = (moved[0], moved[1])
    }

    /// Several pipes, or none.
    static func make(_ count: Int) throws(SystemError) -> [Pipe] {
        var pipes: [Pipe] = []
        do {
            for _ in 0..<count { pipes.append(try Pipe()) }
            return pipes
        } catch {
            for end in pipes.flatMap({ [$0.reading, $0.writing] }) { close(end) }
            throw error
        }
    }

    static func makeNonblocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
}

/// Wakes the thread that waits for a program.
final class StopSignal: Sendable {
    private let ends: Mutex<Pipe?>
    /// Readable once somebody wants the program ended.
    let descriptor: Int32

    init() throws(SystemError) {
        let pipe = try Pipe()
        descriptor = pipe.reading
        ends = Mutex(pipe)
    }

    func send() {
        ends.withLock { pipe in
            if let pipe { _ = write(pipe.writing, [1], 1) }
        }
    }

    /// Nothing is sent any more.
    func close() {
        ends.withLock { pipe in
            for end in [pipe?.reading, pipe?.writing].compactMap({ $0 }) { _ = systemClose(end) }
            pipe = nil
        }
    }

    deinit { close() }
}

private func systemClose(_ descriptor: Int32) -> Int32 {
    close(descriptor)
}
