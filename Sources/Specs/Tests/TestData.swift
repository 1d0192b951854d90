import Diagnostics
import JSONModel
import YAMLSyntax

extension TestDecoder {
    /// One test for each record of the file under `data`, its fields as variables; the test itself when there is none.
    ///
    /// Columns called `__expected`, `__expected1` and so on hold further assertions, as in promptfoo: `contains: Paris`,
    /// `not-icontains: sorry`, `levenshtein(3): Paris`, or a bare text that the answer must equal.
    func rows(of test: TestSpec, _ node: YAMLNode) -> [TestSpec] {
        guard let written = node["data"], let path = context.string(written, "data")?.located else { return [test] }
        guard let bytes = context.contents(of: path.value, at: path.range) else { return [] }
        guard let records = records(bytes, path) else { return [] }
        if records.isEmpty { context.emit("no-data", "\"\(path.value)\" holds no records", at: path.range) }
        return records.enumerated().compactMap { index, record in
            var row = test
            row.name += " [\(index + 1)]"
            for (name, value) in record where !name.hasPrefix("__") { row.variables[name] = value }
            if let name = record["__description"]?.string, !name.isEmpty { row.name = "\(test.name): \(name)" }
            let expected = record.filter { $0.key.hasPrefix("__expected") && $0.value.string?.isEmpty != true }
            let assertions = expected.compactMap { assertion($0.value.string ?? $0.value.text(), path.range) }
            if !row.turns.isEmpty { row.turns[row.turns.count - 1].assertions += assertions }
            guard row.turns.contains(where: { !$0.assertions.isEmpty }) else {
                context.emit(
                    "no-assertions", "the test \"\(row.name)\" checks nothing", at: node.range,
                    help: "add assert: to the test, or a column __expected to its data")
                return nil
            }
            return row
        }
    }

    private func records(_ bytes: [UInt8], _ path: Located<String>) -> [JSONObject]? {
        let lower = path.value.lowercased()
        if lower.hasSuffix(".csv") { return csv(bytes, path) }
        if lower.hasSuffix(".jsonl") || lower.hasSuffix(".ndjson") {
            let lines = bytes.split(separator: 0x0A).filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0D } }
            return lines.enumerated().compactMap { index, line in
                json(Array(line), "line \(index + 1) of \"\(path.value)\"", path.range)?.object
            }
        }
        if lower.hasSuffix(".json") {
            return json(bytes, "\"\(path.value)\"", path.range)?.array?.compactMap(\.object)
        }
        context.emit(
            "unknown-data", "\"\(path.value)\" is no file of test data", at: path.range,
            help: "allowed: .csv with a line of names, .jsonl, .json with a list of maps")
        return nil
    }

    private func json(_ bytes: [UInt8], _ what: String, _ range: SourceRange) -> JSONValue? {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            context.emit("bad-data", "\(what) is not JSON: \(error)", at: range)
            return nil
        }
    }

    private func csv(_ bytes: [UInt8], _ path: Located<String>) -> [JSONObject]? {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            context.emit("not-text", "the file \"\(path.value)\" is not UTF-8 text", at: path.range)
            return nil
        }
        guard let rows = CSV.rows(text), let names = rows.first else {
            context.emit("bad-data", "\"\(path.value)\" has a quoted field that does not end", at: path.range)
            return nil
        }
        return rows.dropFirst().map { row in
            JSONObject(zip(names, row).map { (key: $0, value: .string($1)) })
        }
    }

    /// An assertion in one cell.
    private func assertion(_ cell: String, _ range: SourceRange) -> AssertionSpec? {
        guard let colon = cell.firstIndex(of: ":") else {
            return AssertionSpec(.equals, value: .string(cell), range: range)
        }
        var word = cell[..<colon]
        var threshold: AssertionThreshold?
        if let open = word.firstIndex(of: "("), word.last == ")" {
            let inner = word[word.index(after: open)...].dropLast()
            threshold = Double(inner).map { .number($0) } ?? DurationText.parse(String(inner)).map { .duration($0) }
            word = word[..<open]
        }
        let plain = word.hasPrefix("not-") ? word.dropFirst(4) : word
        guard let type = AssertionType(rawValue: String(plain)) else {
            // A text with a colon, such as "Note: yes", is no assertion.
            return AssertionSpec(.equals, value: .string(cell), range: range)
        }
        let value = String(cell[cell.index(after: colon)...].drop { $0 == " " })
        return AssertionSpec(
            type, negated: plain.count < word.count, value: .string(value), threshold: threshold, range: range)
    }
}

/// Comma-separated values (RFC 4180), with any line ending.
enum CSV {
    /// Reads every record.
    ///
    /// - Parameter text: with or without a byte order mark.
    /// - Returns: fields by record, blank lines left out; nil when a quoted field does not end.
    static func rows(_ text: String) -> [[String]]? {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var isQuoted = false
        var wasQuoted = false
        var characters = Array(text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...])[...]
        func isBlank() -> Bool { row.isEmpty && field.isEmpty && !wasQuoted }
        while let character = characters.popFirst() {
            if isQuoted {
                if character != "\"" {
                    field.append(character)
                } else if characters.first == "\"" {
                    field.append("\"")
                    characters.removeFirst()
                } else {
                    isQuoted = false
                }
            } else if character == "\"", field.isEmpty {
                isQuoted = true
                wasQuoted = true
            } else if character == "," {
                row.append(field)
                (field, wasQuoted) = ("", false)
            } else if character.isNewline {
                if !isBlank() { rows.append(row + [field]) }
                (row, field, wasQuoted) = ([], "", false)
            } else {
                field.append(character)
            }
        }
        if !isBlank() { rows.append(row + [field]) }
        return isQuoted ? nil : rows
    }
}
