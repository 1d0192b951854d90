package import JSONModel
package import Reports
package import States
import TextSafety

/// What `muster list` prints.
package enum ListingText {
    /// Why there are no lines for a `.env` file.
    package enum Problem: Error, CustomStringConvertible {
        case sameVariable(String, AssistantKey, AssistantKey)
        /// A shell that reads the file would read more than an id.
        case unusableID(AssistantKey)

        package var description: String {
            switch self {
            case .sameVariable(let name, let first, let second): "\(first) and \(second) would both be \(name)"
            case .unusableID(let key): "the server's id of \(key) holds characters that a .env file cannot hold safely"
            }
        }
    }

    /// A table for people.
    package static func table(_ listing: Listing) -> String {
        let assistants = listing.rows.map { row in
            [row.key.text, row.id?.text ?? "-", row.name ?? "-", row.model ?? "-", row.state.rawValue]
        }
        let stores = listing.stores.map { store in
            [store.key.text, store.id?.text ?? "-", store.files.map(String.init) ?? "-", store.state.rawValue]
        }
        let tables = [
            (["KEY", "ID", "NAME", "MODEL", "STATE"], assistants), (["KNOWLEDGE", "ID", "FILES", "STATE"], stores),
        ]
        return tables.filter { !$0.1.isEmpty }.map(table).joined(separator: "\n\n")
    }

    private static func table(_ head: [String], _ cells: [[String]]) -> String {
        let rows = cells.map { $0.map { DisplayText.inert($0) } }
        let widths = head.indices.map { column in ([head] + rows).map { DisplayText.width($0[column]) }.max() ?? 0 }
        return ([head] + rows).map { cells in
            zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - DisplayText.width($0) + 2) }.joined()
                .trimmingTrailingSpaces
        }.joined(separator: "\n")
    }

    /// A list for programs.
    package static func json(_ listing: Listing) -> JSONValue {
        let rows = listing.rows.map { row -> JSONValue in
            [
                "key": .string(row.key.text), "id": row.id.map { .string($0.text) } ?? .null,
                "name": row.name.map { .string($0) } ?? .null, "model": row.model.map { .string($0) } ?? .null,
                "state": .string(row.state.rawValue.replacing(" ", with: "_")),
            ]
        }
        return [
            "format_version": "1.0", "environment": .string(listing.environment), "owner": .string(listing.owner.text),
            "assistants": .array(rows), "knowledge": .array(listing.stores.map(store)),
        ]
    }

    private static func store(_ store: Listing.Store) -> JSONValue {
        [
            "key": .string(store.key.text), "id": store.id.map { .string($0.text) } ?? .null,
            "files": store.files.map(JSONValue.integer) ?? .null,
            "state": .string(store.state.rawValue.replacing(" ", with: "_")),
        ]
    }

    /// The variable that holds an assistant's id: `SALES_HELPER_ASSISTANT_ID`.
    package static func variable(_ key: AssistantKey) -> String {
        let letters = key.text.uppercased().unicodeScalars.map { scalar in
            let isPlain = ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            return isPlain ? Character(scalar) : "_"
        }
        let name = String(letters) + "_ASSISTANT_ID"
        return name.first?.isNumber == true ? "_" + name : name
    }

    /// Lines for `.env` files: every deployed assistant that has a spec, or is named by the lock file.
    ///
    /// - Parameter listing: of one environment.
    /// - Returns: the lines.
    /// - Throws: ``Problem``.
    package static func variables(_ listing: Listing) throws(Problem) -> String {
        var lines: [String] = []
        var seen: [String: AssistantKey] = [:]
        for row in listing.rows where [.asSpecified, .differs, .notCompared].contains(row.state) {
            guard let id = row.id else { continue }
            let isSafe = id.text.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    || "-_.:".unicodeScalars.contains(scalar)
            }
            guard isSafe else { throw .unusableID(row.key) }
            let name = variable(row.key)
            if let first = seen[name] { throw .sameVariable(name, first, row.key) }
            seen[name] = row.key
            lines.append("\(name)=\(id.text)")
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
