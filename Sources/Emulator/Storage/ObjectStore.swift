import EmulatorCore
import Foundation
import GRDB

/// Where objects live: an SQLite file in WAL mode, or memory.
///
/// Writes are serial and each is one transaction, so what a request was told is there after `kill -9`.
final class ObjectStore: Sendable {
    private let writer: any DatabaseWriter
    private let lock: FileLock?

    /// Opens the storage and brings it to the present layout.
    ///
    /// - Throws: ``EmulatorStartError``.
    init(_ location: EmulatorConfiguration.Store) throws {
        var configuration = Configuration()
        configuration.label = "emulator"
        switch location {
        case .memory:
            lock = nil
            writer = try DatabaseQueue(configuration: configuration)
            try Self.migrator.migrate(writer)
        case .file(let path):
            lock = try FileLock(path: path)
            // Another server may be writing.
            configuration.busyMode = .timeout(10)
            do {
                writer = try DatabasePool(path: path, configuration: configuration)
                try Self.refuseLaterVersions(writer)
                try Self.migrator.migrate(writer)
            } catch let error as DatabaseError {
                throw EmulatorStartError.storeUnusable(path: path, reason: error.message ?? "\(error.resultCode)")
            } catch is LaterVersion {
                throw EmulatorStartError.storeUnusable(path: path, reason: "a later version wrote it")
            }
        }
    }

    /// Whether this server is the only one on its storage, and so the one that brings it in order.
    var isFirst: Bool { lock?.isFirst ?? true }

    /// Lets other servers use the storage too.
    func share() {
        lock?.share()
    }

    /// Reads in a snapshot: all of `body` sees one state.
    func read<Value: Sendable>(_ body: @escaping @Sendable (ObjectTable) throws -> Value) async throws -> Value {
        try await writer.read { try body(ObjectTable(database: $0)) }
    }

    /// Writes in one transaction, undone when `body` throws.
    func write<Value: Sendable>(_ body: @escaping @Sendable (ObjectTable) throws -> Value) async throws -> Value {
        try await writer.write { try body(ObjectTable(database: $0)) }
    }

    /// Writes in one transaction and, once it is safe, tells `publish` before the next write begins: what is published
    /// is in the order of what is stored.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (ObjectTable) throws -> Value, publish: @escaping @Sendable (Value) -> Void
    ) async throws -> Value {
        try await writer.writeWithoutTransaction { database in
            var result: Result<Value, any Error> = .failure(CancellationError())
            try database.inTransaction {
                let value = try body(ObjectTable(database: database))
                result = .success(value)
                return .commit
            }
            let value = try result.get()
            publish(value)
            return value
        }
    }

    /// Closes the storage; later reads and writes throw.
    func close() throws {
        try writer.close()
        lock?.release()
    }

    private struct LaterVersion: Error {}

    private static func refuseLaterVersions(_ writer: any DatabaseWriter) throws {
        if try writer.read(migrator.hasBeenSuperseded) { throw LaterVersion() }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 objects") { database in
            try database.execute(
                sql: """
                    CREATE TABLE object (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        kind TEXT NOT NULL, parent TEXT NOT NULL, id TEXT NOT NULL,
                        facet TEXT NOT NULL, body TEXT NOT NULL
                    );
                    CREATE UNIQUE INDEX object_identity ON object (kind, parent, id);
                    CREATE INDEX object_list ON object (kind, parent, sequence);
                    CREATE INDEX object_facet ON object (kind, facet, sequence) WHERE facet <> '';
                    """)
        }
        migrator.registerMigration("2 files and passages") { database in
            try database.execute(
                sql: """
                    CREATE TABLE file_piece (
                        file TEXT NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (file, number)
                    );
                    CREATE TABLE passage (
                        id INTEGER PRIMARY KEY, store TEXT NOT NULL, file TEXT NOT NULL, text TEXT NOT NULL
                    );
                    CREATE INDEX passage_file ON passage (store, file);
                    CREATE VIRTUAL TABLE passage_index USING fts5 (terms);
                    """)
        }
        migrator.registerMigration("3 gone and damaged objects") { database in
            try database.execute(
                sql: """
                    CREATE TABLE gone (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        kind TEXT NOT NULL, parent TEXT NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL
                    );
                    CREATE UNIQUE INDEX gone_identity ON gone (kind, parent, id);
                    CREATE TABLE damaged (kind, parent, id, facet, body);
                    """)
        }
        return migrator
    }
}
