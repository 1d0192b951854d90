import EmulatorCore
import Foundation
import GRDB
import JSONModel

/// The one table that holds every object, as JSON text beside what lists need.
///
/// Lists are in the order of insertion (`sequence`), which agrees with `created_at` and is stable where that ties.
/// `parent` is the thread of a message or run, the run of a step, the store of a vector store file; else empty.
/// `facet` is what a list of that kind can be filtered by: the run of a message, the purpose of a file, the status of a
/// vector store file; and for runs whether they are `active`.
struct ObjectTable {
    let database: Database

    func insert(
        _ object: JSONObject, id: String, kind: ObjectKind, parent: String = "", facet: String = ""
    ) throws {
        try database.cachedStatement(
            sql: "INSERT INTO object (kind, parent, id, facet, body) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [kind.rawValue, parent, id, facet, JSONValue.object(object).text()])
    }

    /// Writes an object in the place of the one with its id; nothing happens when that is gone.
    func replace(
        _ object: JSONObject, id: String, kind: ObjectKind, parent: String = "", facet: String? = nil
    ) throws {
        try database.cachedStatement(
            sql: """
                UPDATE object SET body = ?, facet = coalesce(?, facet) WHERE kind = ? AND parent = ? AND id = ?
                """
        ).execute(arguments: [JSONValue.object(object).text(), facet, kind.rawValue, parent, id])
    }

    /// The stored text of an object.
    func text(_ kind: ObjectKind, _ id: String, parent: String = "") throws -> String? {
        let statement = try database.cachedStatement(
            sql: "SELECT body FROM object WHERE kind = ? AND parent = ? AND id = ?")
        return try String.fetchOne(statement, arguments: [kind.rawValue, parent, id])
    }

    func find(_ kind: ObjectKind, _ id: String, parent: String = "") throws -> JSONObject? {
        try text(kind, id, parent: parent).map(Self.parse)
    }

    /// The object, or the refusal that names it.
    ///
    /// - Throws: ``APIError`` with status 404 when there is none.
    func require(_ kind: ObjectKind, _ id: String, parent: String = "") throws -> JSONObject {
        guard let object = try find(kind, id, parent: parent) else { throw APIError.notFound(kind.noun, id) }
        return object
    }

    func contains(_ kind: ObjectKind, _ id: String, parent: String = "") throws -> Bool {
        try sequence(kind, id, parent: parent) != nil
    }

    /// The ids and texts of all objects of a parent, oldest first.
    func children(_ kind: ObjectKind, of parent: String, facet: String? = nil) throws -> [JSONObject] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT body FROM object WHERE kind = ? AND parent = ? AND (? IS NULL OR facet = ?) ORDER BY sequence
                """)
        return try String.fetchAll(statement, arguments: [kind.rawValue, parent, facet, facet]).map(Self.parse)
    }

    /// The ids of all objects of a kind with this facet, with those of their parents.
    func keys(_ kind: ObjectKind, facet: String) throws -> [(id: String, parent: String)] {
        let statement = try database.cachedStatement(
            sql: "SELECT id, parent FROM object WHERE kind = ? AND facet = ? ORDER BY sequence")
        return try Row.fetchAll(statement, arguments: [kind.rawValue, facet]).map { ($0["id"], $0["parent"]) }
    }

    func count(_ kind: ObjectKind) throws -> Int {
        let statement = try database.cachedStatement(sql: "SELECT count(*) FROM object WHERE kind = ?")
        return try Int.fetchOne(statement, arguments: [kind.rawValue]) ?? 0
    }

    /// Deletes one object.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    func delete(_ kind: ObjectKind, _ id: String, parent: String = "") throws -> Bool {
        guard let sequence = try sequence(kind, id, parent: parent) else { return false }
        try remember(kind, id, parent: parent, sequence: sequence)
        try database.cachedStatement(sql: "DELETE FROM object WHERE kind = ? AND parent = ? AND id = ?")
            .execute(arguments: [kind.rawValue, parent, id])
        return true
    }

    func deleteChildren(_ kind: ObjectKind, of parent: String) throws {
        try database.cachedStatement(sql: "DELETE FROM object WHERE kind = ? AND parent = ?")
            .execute(arguments: [kind.rawValue, parent])
    }

    private static func parse(_ text: String) throws -> JSONObject {
        try JSONValue(parsing: text).object ?? [:]
    }

    private func sequence(_ kind: ObjectKind, _ id: String, parent: String) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: "SELECT sequence FROM object WHERE kind = ? AND parent = ? AND id = ?")
        return try Int64.fetchOne(statement, arguments: [kind.rawValue, parent, id])
    }
}

extension ObjectTable {
    /// One page of a list.
    ///
    /// A page before a cursor is the one that borders on it, so it is read backwards.
    /// - Throws: ``APIError`` with status 400 when a cursor is no id of this list.
    func page(_ kind: ObjectKind, of parent: String = "", _ query: PageQuery) throws -> StoredPage {
        let after = try query.after.map { try cursor(kind, $0, parent, name: "after") }
        let before = try query.before.map { try cursor(kind, $0, parent, name: "before") }
        let readsBackwards = before != nil && after == nil
        let (lower, upper) = query.ascending ? (after, before) : (before, after)
        var conditions = ["kind = ?", "parent = ?"]
        var arguments: [(any DatabaseValueConvertible)?] = [kind.rawValue, parent]
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments.append(value)
        }
        add("sequence > ?", lower)
        add("sequence < ?", upper)
        add("facet = ?", query.facet)
        arguments.append(query.limit + 1)
        let direction = query.ascending != readsBackwards ? "ASC" : "DESC"
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, sequence, body FROM object WHERE \(conditions.joined(separator: " AND "))
                ORDER BY sequence \(direction) LIMIT ?
                """)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        var items: [StoredPage.Item] = []
        var (size, hasMore) = (0, false)
        while let row = try rows.next() {
            guard items.count < query.limit else {
                hasMore = true
                break
            }
            // Not copied before it is known to be small.
            let byteCount = try row.withUnsafeData(named: "body") { $0?.count ?? 0 }
            size += byteCount
            let body: StoredPage.Body =
                size <= BigAnswer.threshold
                ? .text(row["body"]) : .stored(StoredText(sequence: row["sequence"], byteCount: byteCount))
            items.append(StoredPage.Item(id: row["id"], body: body))
        }
        return StoredPage(items: readsBackwards ? items.reversed() : items, hasMore: hasMore)
    }

    /// Where an object's text is.
    func stored(_ kind: ObjectKind, _ id: String, parent: String = "") throws -> StoredText? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT sequence, length(CAST(body AS BLOB)) AS size FROM object WHERE kind = ? AND parent = ? AND id = ?
                """)
        return try Row.fetchOne(statement, arguments: [kind.rawValue, parent, id]).map {
            StoredText(sequence: $0["sequence"], byteCount: $0["size"])
        }
    }

    /// A piece of a stored text; nil when it has another length than before.
    func chunk(of stored: StoredText, at offset: Int, count: Int) throws -> Data? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT substr(CAST(body AS BLOB), ?, ?) FROM object
                WHERE sequence = ? AND length(CAST(body AS BLOB)) = ?
                """)
        return try Data.fetchOne(statement, arguments: [offset + 1, count, stored.sequence, stored.byteCount])
    }

    func text(of stored: StoredText) throws -> String? {
        let statement = try database.cachedStatement(sql: "SELECT body FROM object WHERE sequence = ?")
        return try String.fetchOne(statement, arguments: [stored.sequence])
    }

    private func cursor(_ kind: ObjectKind, _ id: String, _ parent: String, name: String) throws -> Int64 {
        if let sequence = try sequence(kind, id, parent: parent) ?? gone(kind, id, parent: parent) { return sequence }
        throw APIError.invalid("No \(kind.noun) found with id '\(id.prefix(128))' to list \(name).", parameter: name)
    }
}

/// Where objects that were deleted stood, so that a list can go on after one of them.
extension ObjectTable {
    /// Places that are remembered; whoever walks through a list is not further behind.
    private static let maximumGone = 10_000

    private func remember(_ kind: ObjectKind, _ id: String, parent: String, sequence: Int64) throws {
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO gone (kind, parent, id, sequence) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [kind.rawValue, parent, id, sequence])
        try database.cachedStatement(sql: "DELETE FROM gone WHERE number <= ?")
            .execute(arguments: [database.lastInsertedRowID - Int64(Self.maximumGone)])
    }

    private func gone(_ kind: ObjectKind, _ id: String, parent: String) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: "SELECT sequence FROM gone WHERE kind = ? AND parent = ? AND id = ?")
        return try Int64.fetchOne(statement, arguments: [kind.rawValue, parent, id])
    }
}
