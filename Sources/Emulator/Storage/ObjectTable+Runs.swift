import AssistantsAPI
import EmulatorCore
import GRDB
import JSONModel

/// Runs, their steps and messages as records.
extension ObjectTable {
    static let activeFacet = "active"
    private static let openFacet = "open"

    /// A run with what of it is open.
    ///
    /// - Throws: ``APIError`` when there is none, ``DamagedRecord`` when it cannot be read.
    func storedRun(_ id: String, of thread: String) throws -> StoredRun {
        let run = try require(.run, id, parent: thread)
        let open = try children(.step, of: id, facet: Self.openFacet).map { try StoredStep($0) }
        let messageID = open.lazy.compactMap { if case .message(let id) = $0.details { id } else { nil } }.first
        let message = try messageID.flatMap { try find(.message, $0, parent: thread) }.map { try StoredMessage($0) }
        return try StoredRun(run, open: open, message: message)
    }

    /// The runs that have not ended.
    func activeRuns() throws -> [RunExecutor.Place] {
        try keys(.run, facet: Self.activeFacet).map { RunExecutor.Place(run: $0.id, thread: $0.parent) }
    }

    /// The run that locks a thread. docs/protocol.md#runs.
    func activeRun(of thread: String) throws -> String? {
        try children(.run, of: thread, facet: Self.activeFacet).first?["id"]?.string
    }

    /// Active runs of a thread whose time has passed: those of a server on the same storage that ended without a word.
    func overdueRuns(of thread: String, at now: Int) throws -> [String] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id FROM object WHERE kind = ? AND parent = ? AND facet = ?
                AND json_extract(body, '$.expires_at') < ?
                """)
        return try String.fetchAll(
            statement, arguments: [ObjectKind.run.rawValue, thread, Self.activeFacet, now])
    }

    /// Writes what a transition changed.
    func persist(_ actions: [RunAction]) throws {
        for action in actions {
            switch action {
            case .insert(let record):
                try insert(
                    record.json, id: record.id, kind: record.kind, parent: Self.parent(of: record),
                    facet: Self.facet(of: record))
            case .replace(let record):
                try replace(
                    record.json, id: record.id, kind: record.kind, parent: Self.parent(of: record),
                    facet: Self.facet(of: record))
            case .emit, .startModel, .awaitOutputs, .interrupt, .endStream: break
            }
        }
    }

    private static func parent(of record: RunRecord) -> String {
        switch record {
        case .run(let run): run.thread
        case .step(let step): step.run
        case .message(let message): message.thread
        }
    }

    private static func facet(of record: RunRecord) -> String {
        switch record {
        case .run(let run): run.state.status.isTerminal ? "" : activeFacet
        case .step(let step): step.state == .inProgress ? openFacet : ""
        case .message(let message): if case .run(let id, _) = message.author { id } else { "" }
        }
    }
}
