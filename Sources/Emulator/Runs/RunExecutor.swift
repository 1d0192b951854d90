import AssistantsAPI
import EmulatorCore
import JSONModel
import Synchronization

/// Performs what ``RunMachine`` asks for: it stores, announces, lets the model work and lets time pass.
///
/// Every transition is one transaction on the stored run, so requests, the model and the clock cannot act on different
/// states of it. Runs go on whether or not anybody reads.
final class RunExecutor: Sendable {
    let store: ObjectStore
    let streams: RunStreams
    let model: any LanguageModel
    let ids: ObjectIDs

    /// What a run's task was doing when it was stopped.
    struct Leftover: Sendable {
        var partial: [JSONValue] = []
        var usage: TokenUsage?
    }

    /// A run among others.
    struct Place: Hashable, Sendable {
        let run: String
        let thread: String

        init(_ run: StoredRun) {
            self.run = run.id
            thread = run.thread
        }

        init(run: String, thread: String) {
            self.run = run
            self.thread = thread
        }
    }

    private struct Work {
        let key: Int
        let task: Task<Leftover, Never>
    }

    private struct Outcome: Sendable {
        let run: StoredRun
        var announcements: [StreamEvent] = []
        let actions: [RunAction]
    }

    private let works = Mutex<(stopped: Bool, nextKey: Int, byRun: [String: Work])>((false, 0, [:]))
    private let deadlines = RunDeadlines()

    init(store: ObjectStore, streams: RunStreams, model: any LanguageModel, ids: ObjectIDs) {
        self.store = store
        self.streams = streams
        self.model = model
        self.ids = ids
    }

    /// Stores a new run and starts it.
    ///
    /// - Parameter prepare: checks and writes what belongs to the creation, in its transaction; it returns the run and
    ///   what watchers are told before it.
    /// - Throws: whatever `prepare` throws; then nothing is stored.
    /// - Returns: the run, queued.
    @discardableResult
    func create(
        _ prepare: @escaping @Sendable (ObjectTable) throws -> (run: StoredRun, announcements: [StreamEvent])
    ) async throws -> StoredRun {
        try await store.write { table in
            let (run, announcements) = try prepare(table)
            let actions = RunMachine(run: run).creation()
            try table.persist(actions)
            return Outcome(run: run, announcements: announcements, actions: actions)
        } publish: {
            self.perform($0)
        }.run
    }

    /// Lets events happen to a run, all or none.
    ///
    /// - Throws: ``RunRefusal`` when the run's state forbids it, ``APIError`` when there is no such run,
    ///   ``DamagedRecord`` when it cannot be read.
    /// - Returns: the run afterwards.
    @discardableResult
    func apply(_ events: [RunEvent], to place: Place) async throws -> StoredRun {
        try await store.write { table in
            var machine = RunMachine(run: try table.storedRun(place.run, of: place.thread))
            let now = unixNow()
            var actions: [RunAction] = []
            for event in events { actions += try machine.handle(event, at: now) }
            try table.persist(actions)
            return Outcome(run: machine.run, actions: actions)
        } publish: {
            self.perform($0)
        }.run
    }

    /// Lets runs of a thread expire that nobody watches any more: another server on the same storage began them and is
    /// gone. Runs that this server watches expire by themselves, so a little later counts as never.
    func expireOverdue(of thread: String) async throws {
        let overdue = try await store.read { try $0.overdueRuns(of: thread, at: unixNow() - Self.patience) }
        for run in overdue {
            // Somebody else was faster.
            _ = try? await apply([.expired(partial: [], usage: nil)], to: Place(run: run, thread: thread))
        }
    }

    /// Seconds after which a run that should have expired has nobody who watches it.
    private static let patience = 5

    /// Forgets a run whose objects are being deleted.
    func drop(_ runID: String) {
        works.withLock { $0.byRun.removeValue(forKey: runID) }?.task.cancel()
        deadlines.remove(runID)
        streams.end(runID)
    }

    /// Takes up the runs that were active when the server last stopped: those that had not begun begin, those that
    /// wait go on waiting, and those that the model was working on fail, because its words are lost.
    ///
    /// - Throws: what the storage throws.
    /// - Returns: what is wrong with runs that cannot be read; they stay as they are.
    func resume() async throws -> [DamagedRecord] {
        var damaged: [DamagedRecord] = []
        for place in try await store.read({ try $0.activeRuns() }) {
            do {
                try await resume(try await store.read { try $0.storedRun(place.run, of: place.thread) })
            } catch let problem as DamagedRecord {
                damaged.append(problem)
            }
        }
        return damaged
    }

    private func resume(_ run: StoredRun) async throws {
        switch run.state {
        case .ended: break
        case .queued: start(run)
        case .requiresAction: deadlines.set(run.expiresAt, for: Place(run)) { self.expire($0) }
        case .cancelling: try await apply([.cancelled(partial: [], usage: nil)], to: Place(run))
        case .inProgress:
            let message = "The server stopped while it worked on the run."
            let failure = RunFailure(code: "server_error", message: message)
            try await apply([.failed(failure, partial: [], usage: nil)], to: Place(run))
        }
    }

    /// Stops all work; unfinished runs stay as they are in storage.
    func stop() async {
        deadlines.stop()
        let tasks = works.withLock { works in
            works.stopped = true
            defer { works.byRun = [:] }
            return works.byRun.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.value }
        streams.stop()
    }
}

// MARK: - Actions

extension RunExecutor {
    private func perform(_ outcome: Outcome) {
        let run = outcome.run
        if outcome.actions.contains(.interrupt) { streams.mute(run.id) }
        for event in outcome.announcements { streams.publish(event, of: run.id) }
        for action in outcome.actions {
            switch action {
            case .insert, .replace: break
            case .emit(let name, let record):
                if streams.isWatched(run.id) { streams.publish(StreamEvent(name, record.json), of: run.id) }
            case .startModel: start(run)
            case .awaitOutputs: deadlines.set(run.expiresAt, for: Place(run)) { self.expire($0) }
            case .interrupt: finish(Place(run)) { .cancelled(partial: $0.partial, usage: $0.usage) }
            case .endStream: streams.end(run.id)
            }
        }
        if case .ended = run.state { deadlines.remove(run.id) }
    }

    private func start(_ run: StoredRun) {
        let place = Place(run)
        deadlines.set(run.expiresAt, for: place) { self.expire($0) }
        work(on: place) { [self] previous in
            previous?.cancel()
            return await RunLeg(executor: self, place: place).run()
        }
    }

    private func expire(_ place: Place) {
        finish(place) { .expired(partial: $0.partial, usage: $0.usage) }
    }

    /// Stops what is being done for a run, and lets the event happen that ends it.
    private func finish(_ place: Place, _ event: @escaping @Sendable (Leftover) -> RunEvent) {
        work(on: place) { [self] previous in
            previous?.cancel()
            let leftover = await previous?.value ?? Leftover()
            // A run that was deleted or ended meanwhile needs no ending.
            _ = try? await apply([event(leftover)], to: place)
            return Leftover()
        }
    }

    /// Makes `operation` the run's only work; what was done before is handed to it, to be stopped.
    private func work(
        on place: Place, _ operation: @escaping @Sendable (Task<Leftover, Never>?) async -> Leftover
    ) {
        works.withLock { works in
            guard !works.stopped else { return }
            works.nextKey += 1
            let key = works.nextKey
            let previous = works.byRun[place.run]?.task
            works.byRun[place.run] = Work(
                key: key,
                task: Task {
                    let leftover = await operation(previous)
                    forget(place.run, key)
                    return leftover
                })
        }
    }

    private func forget(_ runID: String, _ key: Int) {
        works.withLock { works in
            if works.byRun[runID]?.key == key { works.byRun[runID] = nil }
        }
    }
}
