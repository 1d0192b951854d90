import EmulatorCore
import GRDB
import JSONModel

/// Passages of files in vector stores, found by their words (SQLite FTS5).
///
/// Texts are indexed as stems, every Chinese character a word of its own, because SQLite's own tokenizers take a run of
/// them for one word.
extension ObjectTable {
    /// A passage that shares words with a question.
    struct Hit: Sendable {
        let fileID: String
        let text: String
        /// The part of the question's words that the passage holds, 0 to 1.
        let score: Double
    }

    /// Candidates that are looked at more closely.
    private static let candidateLimit = 400

    func indexPassages(_ passages: [IndexedPassage], of fileID: String, in storeID: String) throws {
        for passage in passages {
            try database.cachedStatement(sql: "INSERT INTO passage (store, file, text) VALUES (?, ?, ?)")
                .execute(arguments: [storeID, fileID, passage.text])
            try database.cachedStatement(sql: "INSERT INTO passage_index (rowid, terms) VALUES (?, ?)")
                .execute(arguments: [database.lastInsertedRowID, passage.terms])
        }
    }

    /// How many files of a store are in which state, and how many bytes they have in all.
    func countFiles(of storeID: String) throws -> (counts: [String: Int], bytes: Int) {
        let statement = try database.cachedStatement(
            sql: """
                SELECT facet, count(*) AS files, CAST(total(json_extract(body, '$.usage_bytes')) AS INTEGER) AS bytes
                FROM object WHERE kind = ? AND parent = ? GROUP BY facet
                """)
        let rows = try Row.fetchAll(statement, arguments: [ObjectKind.vectorStoreFile.rawValue, storeID])
        let bytes = rows.reduce(0) { $0 &+ ($1["bytes"] as Int) }
        return (Dictionary(rows.map { ($0["facet"], $0["files"]) }) { $1 }, bytes)
    }

    func deletePassages(of fileID: String, in storeID: String) throws {
        try database.cachedStatement(
            sql: "DELETE FROM passage_index WHERE rowid IN (SELECT id FROM passage WHERE store = ? AND file = ?)"
        ).execute(arguments: [storeID, fileID])
        try database.cachedStatement(sql: "DELETE FROM passage WHERE store = ? AND file = ?")
            .execute(arguments: [storeID, fileID])
    }

    /// The passages of a store that fit a question, best first.
    func searchPassages(_ query: String, in storeID: String) throws -> [Hit] {
        let stems = UserWords(query).stems
        guard !stems.isEmpty else { return [] }
        let expression = stems.sorted().prefix(64).map { "\"\($0.replacing("\"", with: ""))\"" }
            .joined(separator: " OR ")
        let statement = try database.cachedStatement(
            sql: """
                SELECT passage.file, passage.text, passage_index.terms FROM passage_index
                JOIN passage ON passage.id = passage_index.rowid
                WHERE passage_index MATCH ? AND passage.store = ? ORDER BY bm25(passage_index), passage.id LIMIT ?
                """)
        let rows = try Row.fetchAll(statement, arguments: [expression, storeID, Self.candidateLimit])
        let hits = rows.map { row -> Hit in
            let terms = Set((row["terms"] as String).split(separator: " ").map(String.init))
            let score = Double(terms.intersection(stems).count) / Double(stems.count)
            return Hit(fileID: row["file"], text: row["text"], score: score)
        }
        // The sort is stable: equal scores stay in the order of SQLite's ranking.
        return hits.sorted { $0.score > $1.score }
    }

    /// The parents under which an object stands.
    func parents(_ kind: ObjectKind, of id: String) throws -> [String] {
        let statement = try database.cachedStatement(
            sql: "SELECT parent FROM object WHERE kind = ? AND id = ? ORDER BY sequence")
        return try String.fetchAll(statement, arguments: [kind.rawValue, id])
    }
}

/// A passage with the words by which it is found.
struct IndexedPassage: Sendable {
    let text: String
    let terms: String

    init(_ passage: Substring) {
        // Without the zero character, at which SQLite ends texts.
        text = String(passage.contains("\0") ? passage.replacing("\0", with: " ") : passage)
        terms = UserWords(String(passage)).stems.sorted().joined(separator: " ")
    }
}
