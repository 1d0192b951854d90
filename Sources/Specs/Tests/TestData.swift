import Diagnostics
import JSONModel
import YAMLSyntax

extension TestDecoder {
    /// One test for each record of the file under `data`, its fields as variables; the test itself when there is none.
    ///
    /// Columns called `__expected`, `__expected1` and so on hold further assertions, as in promptfoo: `contains: Paris`,
    /// `not-icontains: sorry`, `levenshtein(3): Paris`, `grade: polite`, or a bare text that the answer must equal; in
    /// files that are no CSV also whole assertions. `__description` names the test, `__threshold` is its threshold,
    /// `__metric` the metric of these assertions, and `__metadata:KEY` its metadata.
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
            if let text = record["__threshold"]?.plainNumber { row.threshold = min(max(text, 0), 1) }
            for (name, value) in record where name.hasPrefix("__metadata:") {
                row.metadata[String(name.dropFirst("__metadata:".count))] = value.string ?? value.text()
            }
            let expected = record.filter { $0.key.hasPrefix("__expected") && $0.value.string?.isEmpty != true }
            var assertions = expected.flatMap { cell in
                (cell.value.array ?? [cell.value]).compactMap { assertion(of: $0, path.range) }
            }
            if let metric = record["__metric"]?.string, !metric.isEmpty {
                for place in assertions.indices { assertions[place].metric = metric }
            }
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
        if lower.hasSuffix(".yaml") || lower.hasSuffix(".yml") {
            let node = YAMLParser.parse(bytes, file: path.value, into: context.collector)
            guard let items = node?.items else {
                if node != nil { context.emit("bad-data", "\"\(path.value)\" is no list of maps", at: path.range) }
                return nil
            }
            return items.compactMap { context.json($0, path.value)?.object }
        }
        context.emit(
            "unknown-data", "\"\(path.value)\" is no file of test data", at: path.range,
            help: "allowed: .csv with a line of names, .jsonl, .json and .yaml with a list of maps")
        return nil
    }

    func json(_ bytes: [UInt8], _ what: String, _ range: SourceRange) -> JSONValue? {
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

    /// An assertion in one cell: a map as an assertion is written, or its short form.
    private func assertion(of cell: JSONValue, _ range: SourceRange) -> AssertionSpec? {
        if cell.object != nil { return assertion(YAMLNode(cell, at: range)) }
        return assertion(cell.string ?? cell.text(), range)
    }

    private func assertion(_ cell: String, _ range: SourceRange) -> AssertionSpec? {
        // A text with a colon, such as "Note: yes", is no assertion.
        guard let short = ShortAssertion(cell) else {
            return AssertionSpec(.equals, value: .string(cell), range: range)
        }
        return assertion(YAMLNode(short.json, at: range))
    }
}

/// `type: value`, `not-type: value` or `type(threshold): value` in a cell.
private struct ShortAssertion {
    let json: JSONValue

    /// promptfoo's word for a rubric.
    private static let synonyms = ["grade": "llm-rubric"]

    init?(_ cell: String) {
        let colon = cell.firstIndex(of: ":")
        var word = cell[..<(colon ?? cell.endIndex)]
        var members: JSONObject = [:]
        if let open = word.firstIndex(of: "("), word.last == ")" {
            let inner = String(word[word.index(after: open)...].dropLast())
            members["threshold"] = Double(inner).map(JSONValue.number) ?? .string(inner)
            word = word[..<open]
        }
        let isNegated = word.hasPrefix("not-")
        // The longest name of a type that holds a colon itself, such as trajectory:tool-used.
        let plain = String(isNegated ? word.dropFirst(4) : word)
        let rest = colon.map { cell[cell.index(after: $0)...] } ?? ""
        let whole = AssertionType.allCases.map(\.rawValue).first { type in
            type.contains(":") && cell.dropFirst(isNegated ? 4 : 0).hasPrefix(type)
        }
        let name = whole ?? Self.synonyms[plain] ?? plain
        guard let type = AssertionType(rawValue: name), colon != nil || type.requirements.isEmpty else { return nil }
        var text = rest
        if let whole { text = cell.dropFirst((isNegated ? 4 : 0) + whole.count).drop { $0 == ":" } }
        let value = String(text.drop { $0 == " " })
        members["type"] = .string((isNegated ? "not-" : "") + name)
        if !value.isEmpty {
            let isCount = type.requirements.contains(.bounds) || type.requirements.contains(.count)
            members["value"] = isCount ? Int(value).map(JSONValue.integer) ?? .string(value) : .string(value)
        }
        json = .object(members)
    }
}

extension JSONValue {
    /// A number, also one that a table holds as text.
    fileprivate var plainNumber: Double? {
        double ?? string.flatMap { Double($0) }
    }
}

extension YAMLNode {
    /// JSON as if it had been written at one place.
    fileprivate init(_ json: JSONValue, at range: SourceRange) {
        func scalar(_ text: String, isPlain: Bool) -> Content { .scalar(YAMLScalar(text: text, isPlain: isPlain)) }
        let content: Content =
            switch json {
            case .string(let text): scalar(text, isPlain: false)
            case .array(let elements): .sequence(elements.map { YAMLNode($0, at: range) })
            case .object(let members):
                .mapping(
                    members.map { YAMLPair(name: $0.key, nameRange: range, value: YAMLNode($0.value, at: range)) })
            case .null, .bool, .integer, .number, .bigInteger: scalar(json.text(), isPlain: true)
            }
        self.init(content, at: range)
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
