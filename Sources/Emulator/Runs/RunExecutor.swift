import AssistantsAPI
import JSONModel
import Synchronization

/// Performs what ``RunStateMachine`` asks for: it stores, announces, lets the model work and lets time pass.
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

    private struct Work {
        let key: Int
        let task: Task<Leftover, Never>
    }

    private struct Outcome: Sendable {
        let run: JSONObject
        var announcements: [StreamEvent] = []
        let actions: [RunAction]
    }

    private let works = Mutex<(stopped: Bool, nextKey: Int, byRun: [String: Work])>((false, 0, [:]))

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
        _ prepare: @escaping @Sendable (ObjectTable) throws -> (run: JSONObject, announcements: [StreamEvent])
    ) async throws -> JSONObject {
        try await store.write { table in
            let (run, announcements) = try prepare(table)
            let actions = RunStateMachine(run: run).creation()
            try Self.persist(actions, in: table)
            return Outcome(run: run, announcements: announcements, actions: actions)
        } publish: {
            self.perform($0)
        }.run
    }

    /// Lets events happen to a run, all or none.
    ///
    /// - Throws: ``RunRefusal`` when the run's state forbids it, ``APIError`` when there is no such run.
    /// - Returns: the run afterwards.
    @discardableResult
    func apply(_ events: [RunEvent], to runID: String, of threadID: String) async throws -> JSONObject {
        try await store.write { table in
            var machine = try Self.load(runID, of: threadID, from: table)
            let now = unixNow()
            var actions: [RunAction] = []
            for event in events { actions += try machine.handle(event, at: now) }
            try Self.persist(actions, in: table)
            return Outcome(run: machine.run, actions: actions)
        } publish: {
            self.perform($0)
        }.run
    }

    /// Forgets a run whose objects are being deleted.
    func drop(_ runID: String) {
        works.withLock { $0.byRun.removeValue(forKey: runID) }?.task.cancel()
        streams.end(runID)
    }

    /// Takes up the runs that were active when the server last stopped: those that had not begun begin, those that
    /// wait go on waiting, and those that the model was working on fail, because its words are lost.
    func resume() async throws {
        for run in try await store.read({ try $0.all(.run, facet: ObjectTable.activeFacet) }) {
            guard let run = Run(.object(run)) else { continue }
            switch run.status {
            case .queued: start(run.id, of: run.threadID)
            case .requiresAction: awaitOutputs(run.id, of: run.threadID)
            case .cancelling:
                try await apply([.cancelled(partial: [], usage: nil)], to: run.id, of: run.threadID)
            default:
                let message = "The server stopped while it worked on the run."
                let failure = RunFailure(code: "server_error", message: message)
                try await apply([.failed(failure, partial: [], usage: nil)], to: run.id, of: run.threadID)
            }
        }
    }

    /// Stops all work; unfinished runs stay as they are in storage.
    func stop() async {
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

// MARK: - Storage

extension RunExecutor {
    private static let openFacet = "open"

    private static func load(_ runID: String, of threadID: String, from table: ObjectTable) throws -> RunStateMachine {
        let run = try table.require(.run, runID, parent: threadID)
        let step = try table.children(.step, of: runID, facet: openFacet).last
        let messageID = step?["step_details"]?["message_creation"]?["message_id"]?.string
        let message = try messageID.flatMap { try table.find(.message, $0, parent: threadID) }
        return RunStateMachine(run: run, step: step, message: message)
    }

    private static func persist(_ actions: [RunAction], in table: ObjectTable) throws {
        for action in actions {
            switch action {
            case .insert(let kind, let object):
                try table.insert(
                    object, id: object["id"]?.string ?? "", kind: kind, parent: parent(of: object, kind),
                    facet: facet(of: object, kind))
            case .replace(let kind, let object):
                try table.replace(
                    object, id: object["id"]?.string ?? "", kind: kind, parent: parent(of: object, kind),
                    facet: facet(of: object, kind))
            case .emit, .startModel, .awaitOutputs, .interrupt, .endStream: break
            }
        }
    }

    private static func parent(of object: JSONObject, _ kind: ObjectKind) -> String {
        object[kind == .step ? "run_id" : "thread_id"]?.string ?? ""
    }

    private static func facet(of object: JSONObject, _ kind: ObjectKind) -> String {
        let status = object["status"]?.string ?? ""
        switch kind {
        case .run: return RunStatus(status).isTerminal ? "" : ObjectTable.activeFacet
        case .step: return status == "in_progress" ? openFacet : ""
        default: return object["run_id"]?.string ?? ""
        }
    }
}

// MARK: - Actions

extension RunExecutor {
    private func perform(_ outcome: Outcome) {
        guard let run = Run(.object(outcome.run)) else { return }
        if outcome.actions.contains(.interrupt) { streams.mute(run.id) }
        for event in outcome.announcements { streams.publish(event, of: run.id) }
        for action in outcome.actions {
            switch action {
            case .insert, .replace: break
            case .emit(let name, let object):
                if streams.isWatched(run.id) { streams.publish(StreamEvent(name, object), of: run.id) }
            case .startModel: start(run.id, of: run.threadID)
            case .awaitOutputs: awaitOutputs(run.id, of: run.threadID)
            case .interrupt: interrupt(run.id, of: run.threadID)
            case .endStream: streams.end(run.id)
            }
        }
    }

    private func start(_ runID: String, of threadID: String) {
        work(on: runID) { [self] _ in
            await RunLeg(executor: self, runID: runID, threadID: threadID).run()
        }
    }

    private func awaitOutputs(_ runID: String, of threadID: String) {
        work(on: runID) { [self] _ in
            do {
                let run = try await store.read { try $0.require(.run, runID, parent: threadID) }
                try await sleepUntil(unix: run["expires_at"]?.int ?? 0)
                try await apply([.expired(partial: [], usage: nil)], to: runID, of: threadID)
            } catch {
                // Outputs, a cancellation or a deletion came first.
            }
            return Leftover()
        }
    }

    private func interrupt(_ runID: String, of threadID: String) {
        work(on: runID) { [self] previous in
            previous?.cancel()
            let leftover = await previous?.value ?? Leftover()
            let event = RunEvent.cancelled(partial: leftover.partial, usage: leftover.usage)
            _ = try? await apply([event], to: runID, of: threadID)  // a run deleted meanwhile needs no cancelling
            return Leftover()
        }
    }

    /// Makes `operation` the run's only work; what was done before is handed to it, or else cancelled.
    private func work(
        on runID: String, _ operation: @escaping @Sendable (Task<Leftover, Never>?) async -> Leftover
    ) {
        works.withLock { works in
            guard !works.stopped else { return }
            works.nextKey += 1
            let key = works.nextKey
            let previous = works.byRun[runID]?.task
            works.byRun[runID] = Work(
                key: key,
                task: Task {
                    let leftover = await operation(previous)
                    forget(runID, key)
                    return leftover
                })
        }
    }

    private func forget(_ runID: String, _ key: Int) {
        works.withLock { works in
            if works.byRun[runID]?.key == key { works.byRun[runID] = nil }
        }
    }

    /// Sleeps until a time in Unix seconds.
    func sleepUntil(unix: Int) async throws {
        let seconds = unix - unixNow()
        if seconds > 0 { try await Task.sleep(for: .seconds(seconds)) }
        try Task.checkCancellation()
    }
}
