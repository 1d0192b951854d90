import EmulatorCore
import GRDB

extension ObjectStore {
    /// What makes a row unusable: another type than was written, a text that is no JSON object, another id inside than
    /// outside, an impossible time. `CASE` looks at one after the other, because later ones need what earlier ones say.
    private static let damage = """
        CASE
            WHEN typeof(kind) <> 'text' OR typeof(parent) <> 'text' OR typeof(id) <> 'text' OR typeof(facet) <> 'text'
                THEN 'it is not of the type that was written'
            WHEN typeof(body) <> 'text' THEN 'its body is no text'
            WHEN NOT json_valid(body) THEN 'its body is no JSON'
            WHEN json_type(body) <> 'object' THEN 'its body is no object'
            WHEN json_extract(body, '$.id') IS NOT id THEN 'it holds another id'
            WHEN json_type(body, '$.created_at') IS NOT 'integer'
                OR json_extract(body, '$.created_at') NOT BETWEEN 0 AND 253402300799 THEN 'its time is impossible'
        END
        """

    /// Moves what cannot be read into a table of its own, where people may look at it.
    ///
    /// - Throws: what the storage throws.
    /// - Returns: what is wrong with each; of thousands only the first.
    func setDamagedAside() async throws -> [DamagedRecord] {
        try await write { table in
            let rows = try Row.fetchAll(
                table.database,
                sql: """
                    SELECT sequence, CAST(kind AS TEXT) AS kind, CAST(id AS TEXT) AS id, \(Self.damage) AS problem
                    FROM object WHERE problem IS NOT NULL
                    """)
            for row in rows {
                let sequence: Int64 = row["sequence"]
                try table.database.execute(
                    sql: "INSERT INTO damaged SELECT kind, parent, id, facet, body FROM object WHERE sequence = ?",
                    arguments: [sequence])
                try table.database.execute(sql: "DELETE FROM object WHERE sequence = ?", arguments: [sequence])
            }
            return rows.prefix(20).map { row in
                let kind: String? = row["kind"]
                return DamagedRecord(
                    kind: kind.flatMap(ObjectKind.init) ?? .file, id: row["id"] ?? "?", problem: row["problem"])
            }
        }
    }
}
