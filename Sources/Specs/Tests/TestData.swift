import Diagnostics
import JSONModel
import YAMLSyntax

/// One record of a file of test data, and where it stands.
struct DataRecord {
    var fields: JSONObject
    /// Its first line, or the place that names the file where lines are not known.
    let range: SourceRange
    /// For messages: `row 3 of "rows.csv"`.
    let name: String
}

extension TestDecoder {
    /// Bytes of a file of data: ten thousand rows of a page each.
    private static let largestData = 32 << 20

    /// One test for each record of the file under `data`, its fields as variables; the test itself when there is none.
    ///
    /// What columns mean beside variables is said at ``DataColumn``. A record with `vars` or `assert` is a whole test of
    /// promptfoo.
    func rows(of test: TestSpec, _ node: YAMLNode) -> [TestSpec] {
        guard let written = node["data"], let path = context.string(written, "data")?.located else { return [test] }
        guard let bytes = context.contents(of: path.value, at: path.range, limit: Self.largestData),
            let records = records(bytes, path)
        else { return [] }
        guard records.count <= Self.maximumVariants else {
            context.emit(
                .tooManyTests, "\"\(path.value)\" makes more than \(Self.maximumVariants) tests", at: path.range,
                help: "take a sample of it, or split it among several tests")
            return []
        }
        if records.isEmpty { context.emit(.noData, "\"\(path.value)\" holds no records", at: path.range) }
        var hasToldNames = false
        return records.enumerated().compactMap { index, record in
            var row = test
            row.number = index + 1
            if record.range.file != path.range.file {
                row.dataPlace = "\(record.range.file):\(record.range.start.line)"
            }
            // A name that shows the row's values tells it apart.
            if TemplateText.names(in: test.name).isEmpty { row.name += " [\(index + 1)]" }
            let isWhole = record.fields["vars"]?.object != nil || record.fields["assert"]?.array != nil
            if isWhole { whole(record, test, &row) } else { columns(record, test, &row) }
            if !hasToldNames { hasToldNames = checkNames(in: node, of: row, record) }
            guard row.turns.contains(where: { !$0.assertions.isEmpty }) else {
                if context.hasProblem(in: YAMLNode(.sequence([]), at: record.range)) { return nil }
                context.emit(
                    .noAssertions, "the test \"\(row.name)\" checks nothing", at: node.range,
                    help: "add assert: to the test, or a column __expected to its data",
                    notes: [Diagnostic.Note("its data stand here", at: record.range)])
                return nil
            }
            return row
        }
    }

    // MARK: What a record says

    private func columns(_ record: DataRecord, _ test: TestSpec, _ row: inout TestSpec) {
        var assertions: [String: [AssertionSpec]] = [:]
        var order: [String] = []
        for (name, value) in record.fields {
            guard case .expected? = DataColumn(name) else { continue }
            let cells = (value.array ?? [value]).filter { !$0.isBlank }
            assertions[name] = cells.compactMap { assertion(of: $0, record) }
            order.append(name)
        }
        for (name, value) in record.fields {
            switch DataColumn(name) {
            case .variable?: row.variables[name] = value
            case .description?: if !value.isBlank { row.name = "\(test.name): \(value.plainText)" }
            case .threshold?: if !value.isBlank { row.threshold = share(value, name, record) }
            case .metadata(let key)?: row.metadata[key] = value.plainText
            case .metric?:
                guard !value.isBlank else { continue }
                for column in order {
                    assertions[column] = assertions[column]?.map { $0.with(metric: value.plainText) }
                }
            case .assertionThreshold(let column)?:
                guard !value.isBlank, let share = share(value, name, record) else { continue }
                assertions[column] = assertions[column]?.map { spec in
                    var written = spec.written
                    written["threshold"] = .number(share)
                    return spec.replacing(written: written, members: spec.members)
                }
            case .expected?: continue
            case nil: unknownColumn(name, record)
            }
        }
        add(order.flatMap { assertions[$0] ?? [] }, to: &row)
    }

    /// A record that is a test of promptfoo: `{"description", "vars", "assert", "threshold", "metadata"}`.
    private func whole(_ record: DataRecord, _ test: TestSpec, _ row: inout TestSpec) {
        for (key, value) in record.fields {
            switch key {
            case "vars": for (name, value) in value.object ?? [:] { row.variables[name] = value }
            case "description": row.name = "\(test.name): \(value.plainText)"
            case "threshold": row.threshold = share(value, key, record)
            case "metadata": for (name, value) in value.object ?? [:] { row.metadata[name] = value.plainText }
            case "assert": add((value.array ?? []).compactMap { assertion(of: $0, record) }, to: &row)
            default:
                context.emit(
                    .unknownColumn, "\(record.name) is a whole test with \"\(key)\", which is not read",
                    at: record.range, help: "known are description, vars, assert, threshold and metadata")
            }
        }
    }

    private func add(_ assertions: [AssertionSpec], to row: inout TestSpec) {
        if !row.turns.isEmpty { row.turns[row.turns.count - 1].assertions += assertions }
    }

    private func share(_ value: JSONValue, _ name: String, _ record: DataRecord) -> Double? {
        if let number = value.plainNumber, (0...1).contains(number) { return number }
        context.emit(
            .badData, "\(name) of \(record.name) is “\(value.plainText)”, which is no number from 0 to 1",
            at: record.range)
        return nil
    }

    /// An assertion in one cell: a map as an assertion is written, or its short form.
    private func assertion(of cell: JSONValue, _ record: DataRecord) -> AssertionSpec? {
        if cell.object != nil { return assertion(YAMLNode(cell, at: record.range)) }
        switch ShortAssertion(cell.plainText) {
        case .assertion(let json): return assertion(YAMLNode(json, at: record.range))
        case .text(let text): return AssertionSpec(.equals, written: ["value": .string(text)], range: record.range)
        case .foreign(let name):
            let names = AssertionType.allCases.map(\.rawValue)
            context.emit(
                .unknownAssertion, "there is no assertion \"\(name)\", which \(record.name) asks for",
                at: record.range, help: "there are: \(names.joined(separator: ", "))")
            return nil
        }
    }

    private func unknownColumn(_ name: String, _ record: DataRecord) {
        let nearest = NearestName.suggestion(for: name, among: DataColumn.names)
        context.emit(
            .unknownColumn, "\(record.name) has the column \"\(name)\", which means nothing", at: record.range,
            help: nearest.map { "did you mean \"\($0)\"?" } ?? "known are: \(DataColumn.names.joined(separator: ", "))")
    }
}

/// What a column of test data means, as in promptfoo.
enum DataColumn: Equatable {
    case variable
    /// `__expected`, `__expected1`, …: a further assertion, such as `contains: Paris`, or a bare text to be equal to.
    case expected
    /// `__description` names the test.
    case description
    /// `__threshold` is the score that the test must reach.
    case threshold
    /// `__metric` names the metric of these assertions.
    case metric
    /// `__metadata:KEY`.
    case metadata(String)
    /// `__config:__expected2:threshold` is the threshold of that assertion.
    case assertionThreshold(of: String)

    /// Names with a meaning, for messages.
    static let names = ["__expected", "__description", "__threshold", "__metric", "__metadata:KEY"]

    /// Reads a column's name; nil for one that looks as if it had a meaning and has none.
    init?(_ name: String) {
        guard name.hasPrefix("__") else {
            // One underscore is a slip and no variable.
            let isSlip = name.hasPrefix("_") && DataColumn("_" + name) != nil
            guard !isSlip else { return nil }
            self = .variable
            return
        }
        let rest = name.dropFirst(2)
        if let number = rest.hasPrefix("expected") ? rest.dropFirst(8) : nil, number.isEmpty || Int(number) != nil {
            self = .expected
        } else if rest == "description" {
            self = .description
        } else if rest == "threshold" {
            self = .threshold
        } else if rest == "metric" {
            self = .metric
        } else if rest.hasPrefix("metadata:"), rest.count > "metadata:".count {
            let key = rest.dropFirst("metadata:".count)
            self = .metadata(String(key.hasSuffix("[]") ? key.dropLast(2) : key))
        } else if rest.hasPrefix("config:"), rest.hasSuffix(":threshold") {
            let column = String(rest.dropFirst("config:".count).dropLast(":threshold".count))
            guard DataColumn(column) == .expected else { return nil }
            self = .assertionThreshold(of: column)
        } else {
            return nil
        }
    }
}

/// `type: value`, `not-type: value` or `type(threshold): value` in a cell.
enum ShortAssertion {
    case assertion(JSONValue)
    /// A bare text, such as `Note: yes`, which the answer must equal.
    case text(String)
    /// An assertion that promptfoo has and that is not known here.
    case foreign(String)

    /// promptfoo's word for a rubric.
    private static let synonyms = ["grade": "llm-rubric"]

    private static let foreignTypes: Set<String> = [
        "javascript", "python", "ruby", "fn", "eval", "file", "classifier", "moderation", "guardrails", "g-eval",
        "model-graded-closedqa", "model-graded-factuality", "closedqa", "answer-relevance", "context-recall",
        "context-relevance", "context-faithfulness", "conversation-relevance", "select-best", "max-score",
        "agent-rubric",
        "search-rubric", "perplexity", "perplexity-score", "meteor", "gleu", "pi", "is-sql", "contains-sql", "is-html",
        "contains-html", "contains-xml", "finish-reason", "is-valid-function-call", "is-valid-openai-function-call",
        "contains-some", "icontains-some", "trace-span-count", "trace-span-duration", "trace-error-spans",
    ]

    init(_ cell: String) {
        let cell = String(String(cell.drop { $0.isWhitespace }.reversed()).drop { $0.isWhitespace }.reversed())
        let colon = cell.firstIndex(of: ":")
        var word = cell[..<(colon ?? cell.endIndex)]
        var members: JSONObject = [:]
        if let open = word.firstIndex(of: "("), word.last == ")" {
            let inner = String(word[word.index(after: open)...].dropLast())
            members["threshold"] = Double(inner).map(JSONValue.number) ?? .string(inner)
            word = word[..<open]
        }
        let isNegated = word.hasPrefix("not-")
        let plain = String(isNegated ? word.dropFirst(4) : word)
        // The longest name of a type that holds a colon itself, such as trajectory:tool-used.
        let whole = AssertionType.allCases.map(\.rawValue).first { type in
            type.contains(":") && cell.dropFirst(isNegated ? 4 : 0).hasPrefix(type)
        }
        let name = whole ?? Self.synonyms[plain] ?? plain
        guard let type = AssertionType(rawValue: name),
            colon != nil || !type.parameters.contains(where: \.isRequired)
        else {
            self = colon != nil && Self.foreignTypes.contains(plain) ? .foreign(String(word)) : .text(cell)
            return
        }
        var text = colon.map { cell[cell.index(after: $0)...] } ?? ""
        if let whole { text = cell.dropFirst((isNegated ? 4 : 0) + whole.count).drop { $0 == ":" } }
        let value = String(text.drop { $0.isWhitespace })
        members["type"] = .string((isNegated ? "not-" : "") + name)
        // What needs no text takes its threshold there: `latency: 500`.
        let key = type.parameters.contains { $0.key == "value" } ? "value" : "threshold"
        if !value.isEmpty { members[key] = .string(value) }
        self = .assertion(.object(members))
    }
}

extension AssertionSpec {
    fileprivate func with(metric: String) -> AssertionSpec {
        var copy = self
        copy.metric = metric
        return copy
    }
}

extension JSONValue {
    /// Null, or a text of nothing but white space: an empty cell.
    fileprivate var isBlank: Bool {
        isNull || string?.allSatisfy(\.isWhitespace) == true
    }
}

extension YAMLNode {
    /// JSON as if it had been written at one place.
    init(_ json: JSONValue, at range: SourceRange) {
        func scalar(_ text: String, isPlain: Bool) -> Content { .scalar(YAMLScalar(text: text, isPlain: isPlain)) }
        let content: Content =
            if let text = json.string {
                scalar(text, isPlain: false)
            } else if let elements = json.array {
                .sequence(elements.map { YAMLNode($0, at: range) })
            } else if let members = json.object {
                .mapping(
                    members.map { YAMLPair(name: $0.key, nameRange: range, value: YAMLNode($0.value, at: range)) })
            } else {
                scalar(json.text(), isPlain: true)
            }
        self.init(content, at: range)
    }
}
