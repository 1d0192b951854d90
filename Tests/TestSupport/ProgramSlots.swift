/// How many programs run at once. Swift Testing starts every test together, and hundreds of programs would starve each
/// other on two cores; Foundation's `Process.run` also crashes where the process has more than about a thousand files
/// open.
actor ProgramSlots {
    static let shared = ProgramSlots(count: 12)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(count: Int) {
        free = count
    }

    /// Runs `body` when it is its turn.
    nonisolated func withSlot<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        await acquire()
        do {
            let result = try await body()
            await release()
            return result
        } catch {
            await release()
            throw error
        }
    }

    private func acquire() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// The slot goes to whoever waits longest.
    private func release() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        free += 1
    }
}
