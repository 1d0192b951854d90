import Diagnostics
import JSONModel
import YAMLSyntax

extension TestDecoder {
    /// Every record of a file; nil, with problems emitted, where it is none of test data.
    func records(_ bytes: [UInt8], _ path: Located<String>) -> [DataRecord]? {
        let file = dataFile(path)
        let lower = path.value.lowercased()
        if lower.hasSuffix(".csv") { return csv(bytes, path, file) }
        if lower.hasSuffix(".jsonl") || lower.hasSuffix(".ndjson") { return lines(bytes, path, file) }
        if lower.hasSuffix(".json") {
            guard let document = json(bytes, "\"\(path.value)\"", path.range) else { return nil }
            guard let items = document.array else { return noList(path, document.kindName) }
            return items.enumerated().compactMap { index, item in
                record(item, "item \(index + 1) of \"\(path.value)\"", path.range)
            }
        }
        if lower.hasSuffix(".yaml") || lower.hasSuffix(".yml") {
            guard let node = YAMLParser.parse(bytes, file: file, into: context.collector) else { return nil }
            guard let items = node.items else { return noList(path, node.kindName) }
            return items.enumerated().compactMap { index, item in
                context.json(item, path.value).flatMap {
                    record($0, "item \(index + 1) of \"\(path.value)\"", item.range)
                }
            }
        }
        context.emit(
            .unknownData, "\"\(path.value)\" is no file of test data", at: path.range,
            help: "allowed: .csv with a line of names, .jsonl, .json and .yaml with a list of maps")
        return nil
    }

    func json(_ bytes: [UInt8], _ what: String, _ range: SourceRange) -> JSONValue? {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            context.emit(.badData, "\(what) is not JSON: \(error)", at: range)
            return nil
        }
    }

    /// The file's path as diagnostics name files: below the project's folder.
    private func dataFile(_ path: Located<String>) -> String {
        let folder = path.range.file.split(separator: "/").dropLast().joined(separator: "/")
        let beside = folder.isEmpty ? path.value : "\(folder)/\(path.value)"
        return context.fileSystem.exists("\(context.root)/\(beside)") ? beside : path.value
    }

    private func record(_ value: JSONValue, _ name: String, _ range: SourceRange) -> DataRecord? {
        if let fields = value.object { return DataRecord(fields: fields, range: range, name: name) }
        context.emit(.badData, "\(name) must be a map, not \(value.kindName)", at: range)
        return nil
    }

    private func noList(_ path: Located<String>, _ kind: String) -> [DataRecord]? {
        context.emit(.badData, "\"\(path.value)\" must be a list of maps, not \(kind)", at: path.range)
        return nil
    }

    private func lines(_ bytes: [UInt8], _ path: Located<String>, _ file: String) -> [DataRecord] {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        return lines.compactMap { index, line in
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return nil }
            let name = "line \(index + 1) of \"\(path.value)\""
            let range = SourceRange(file: file, line: index + 1)
            return json(Array(line), name, range).flatMap { record($0, name, range) }
        }
    }

    private func csv(_ bytes: [UInt8], _ path: Located<String>, _ file: String) -> [DataRecord]? {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            context.emit(.notText, "the file \"\(path.value)\" is not UTF-8 text", at: path.range)
            return nil
        }
        // One beyond what is allowed says that there are too many, without all of them in memory.
        guard let rows = CSV.rows(text, most: Self.maximumVariants + 2), let header = rows.first else {
            context.emit(.badData, "\"\(path.value)\" has a quoted field that does not end", at: path.range)
            return nil
        }
        let names = header.cells.map { String(String($0.drop { $0 == " " }.reversed()).drop { $0 == " " }.reversed()) }
        guard isHeader(names, SourceRange(file: file, line: header.line), path) else { return nil }
        return rows.dropFirst().enumerated().compactMap { index, row in
            let range = SourceRange(file: file, line: row.line)
            let name = "row \(index + 1) of \"\(path.value)\""
            guard row.cells.count == names.count else {
                context.emit(
                    .badData, "\(name) has \(row.cells.count) cells, but there are \(names.count) columns", at: range,
                    help: row.cells.count > names.count
                        ? "put a cell that holds a comma into quotes: \"2,000\"" : "end the row with empty cells: ,,")
                return nil
            }
            let fields = zip(names, row.cells).filter { !$0.0.isEmpty }.map { (key: $0, value: JSONValue.string($1)) }
            return DataRecord(fields: JSONObject(fields), range: range, name: name)
        }
    }

    private func isHeader(_ names: [String], _ range: SourceRange, _ path: Located<String>) -> Bool {
        if names.count == 1, let separator = [";", "\t"].first(where: { names[0].contains($0) }) {
            context.emit(
                .badData, "the columns of \"\(path.value)\" are not separated by commas", at: range,
                help: separator == ";" ? "save it with commas instead of semicolons" : "save it with commas, not tabs")
            return false
        }
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            context.emit(.badData, "\"\(path.value)\" has two columns called \"\(name)\"", at: range)
            return false
        }
        return true
    }
}

extension SourceRange {
    /// The beginning of a line.
    fileprivate init(file: String, line: Int) {
        let place = SourcePosition(line: line, column: 1)
        self.init(file: file, start: place, end: place)
    }
}

/// Comma-separated values (RFC 4180), with any line ending.
enum CSV {
    /// One record, and the line on which it begins.
    struct Row: Equatable {
        var cells: [String] = []
        var line: Int
    }

    /// Reads every record.
    ///
    /// - Parameters:
    ///   - text: with or without a byte order mark.
    ///   - most: records after which nothing more is read.
    /// - Returns: fields by record, blank lines left out; nil when a quoted field does not end.
    static func rows(_ text: String, most: Int = .max) -> [Row]? {
        // By scalars, because only CR and LF end a record, and a line separator from the web does not.
        var reader = CSVReader(rest: Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })[...])
        while reader.rows.count < most, let scalar = reader.rest.popFirst() { reader.take(scalar) }
        guard reader.rows.count < most else { return reader.rows }
        reader.endRow()
        return reader.isQuoted ? nil : reader.rows
    }
}

/// Where reading a table stands.
private struct CSVReader {
    var rest: ArraySlice<Unicode.Scalar>
    private(set) var rows: [CSV.Row] = []
    /// Between the quotes of a field.
    private(set) var isQuoted = false
    private var wasQuoted = false
    private var row = CSV.Row(line: 1)
    private var field = String.UnicodeScalarView()
    private var line = 1

    init(rest: ArraySlice<Unicode.Scalar>) {
        self.rest = rest
    }

    mutating func take(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"" where isQuoted: endQuote()
        case "\"" where field.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
        case "," where !isQuoted: endCell()
        case "\n", "\r":
            let isPair = scalar == "\r" && rest.first == "\n"
            if !isPair { line += 1 }
            if isQuoted { return field.append(scalar) }
            // The second of the pair ends a row that is blank, which is none.
            endRow()
        default: field.append(scalar)
        }
    }

    /// Two quotes in a row mean one.
    private mutating func endQuote() {
        if rest.first == "\"" {
            field.append("\"")
            rest.removeFirst()
        } else {
            isQuoted = false
        }
    }

    private mutating func endCell() {
        row.cells.append(String(field))
        (field, wasQuoted) = (String.UnicodeScalarView(), false)
    }

    mutating func endRow() {
        let isBlank = row.cells.isEmpty && field.isEmpty && !wasQuoted
        if !isBlank {
            endCell()
            rows.append(row)
        }
        row = CSV.Row(line: line)
    }
}
