import Diagnostics
import JSONModel
package import YAMLSyntax

/// Reads tests: the items of a spec's `tests:` or of a file below `tests/`. Problems are emitted with their places.
package struct TestDecoder {
    let context: LoadingContext
    /// Defaults and named assertions.
    let common: TestCommons
    /// What there is to be tested; nil where nobody knows.
    let subject: TestSubject?
    /// The most tests that the values of one test's `vars` may multiply to.
    static let maximumVariants = 10_000

    package init(
        in context: LoadingContext, common: TestCommons = TestCommons(), subject: TestSubject? = nil
    ) {
        self.context = context
        self.common = common
        self.subject = subject
    }

    private static let runOptions = [
        "model", "temperature", "top_p", "tool_choice", "response_format", "max_prompt_tokens", "max_completion_tokens",
        "truncation_strategy", "parallel_tool_calls", "reasoning_effort",
    ]
    static let keys =
        [
            "name", "description", "data", "prompt", "messages", "turns", "assert", "tools", "vars", "instructions",
            "additional_instructions", "timeout", "tags", "skip", "only", "repeat", "min_pass", "metadata", "serial",
            "setup", "teardown", "threshold", "may_be_empty",
        ] + runOptions
    static let turnKeys = ["prompt", "messages", "assert", "tools", "timeout", "may_be_empty"]
    /// What may stand under `defaults`: everything but what tells tests apart.
    static let sharedKeys = keys.filter { !["name", "description", "only"].contains($0) }

    /// Reads a list of tests.
    ///
    /// - Parameter nodes: the items.
    /// - Returns: the tests without problems; one with lists under `vars` becomes one for each combination.
    package func tests(_ nodes: [YAMLNode]) -> [TestSpec] {
        var names: [String: YAMLNode] = [:]
        return Self.withDifferentNames(tests(nodes, &names))
    }

    /// Reads lists of tests that have different things in common, but may not share a name.
    static func tests(
        in context: LoadingContext, of subject: TestSubject, _ lists: [(nodes: [YAMLNode], common: TestCommons)]
    ) -> [TestSpec] {
        var names: [String: YAMLNode] = [:]
        return withDifferentNames(
            lists.flatMap { TestDecoder(in: context, common: $0.common, subject: subject).tests($0.nodes, &names) })
    }

    /// Names show the values of their row. Tests that are called alike all the same get their row's number, or the next
    /// that is free, so that every report can tell them apart.
    private static func withDifferentNames(_ tests: [TestSpec]) -> [TestSpec] {
        var taken: Set<String> = []
        return tests.map { test in
            var test = test
            let name = TemplateText.shownName(test.name, test.variables)
            test.name = name
            var number = test.number ?? 2
            while !taken.insert(test.name).inserted {
                test.name = "\(name) [\(number)]"
                number += 1
            }
            return test
        }
    }

    private func tests(_ nodes: [YAMLNode], _ names: inout [String: YAMLNode]) -> [TestSpec] {
        var tests: [TestSpec] = []
        for (index, written) in nodes.enumerated() {
            let node = common.completing(written)
            guard let test = test(node, number: index + 1) else { continue }
            if let first = names[test.name] {
                context.emit(
                    .duplicateTest, "there is a second test called \"\(test.name)\"", at: node.range,
                    notes: [Diagnostic.Note("the first stands here", at: first.range)])
            }
            names[test.name] = node
            checkSubject(of: test, node)
            if node["data"] == nil { _ = checkNames(in: node, of: test, nil) }
            tests += variants(of: test, node).flatMap { rows(of: $0, node) }
        }
        return tests
    }

    private func test(_ node: YAMLNode, number: Int) -> TestSpec? {
        guard let reader = ObjectReader(node, "a test", keys: Self.keys, in: context) else { return nil }
        let turns = turns(reader)
        let name = reader.string("name")?.value ?? reader.string("description")?.value ?? "test \(number)"
        if turns.allSatisfy({ $0.assertions.isEmpty }), reader["data"] == nil, !context.hasProblem(in: node) {
            context.emit(
                .noAssertions, "the test \"\(name)\" checks nothing", at: node.range,
                help: "add assert: with at least one item, such as {type: not-is-refusal}")
        }
        let repetitions = reader.integer("repeat", in: 1...1_000) ?? 1
        var test = TestSpec(
            name: name, range: node.range, turns: turns, tools: reader["tools"].map(toolModes) ?? [:],
            run: run(reader), variables: variables(reader),
            timeout: timeout(reader), tags: reader.strings("tags").map(\.value), skip: skip(reader),
            only: reader.bool("only") ?? false,
            repetitions: repetitions, minimumPasses: reader.integer("min_pass", in: 1...repetitions))
        test.approvals = reader["tools"].map(approvals) ?? [:]
        test.serialGroup = reader.string("serial")?.value
        if reader.bool("may_be_empty") == true {
            for index in test.turns.indices { test.turns[index].mayBeEmpty = true }
        }
        test.setup = programWords(reader, "setup")
        test.teardown = programWords(reader, "teardown")
        test.threshold = reader["threshold"].flatMap { context.number($0, "threshold", in: 0...1)?.double }
        for (key, value) in test.run.options["metadata"]?.object ?? [:] {
            test.metadata[key] = value.string ?? value.text()
        }
        return test
    }

    /// `skip: true`, or the reason as a text.
    private func skip(_ reader: ObjectReader) -> String? {
        guard let node = reader["skip"] else { return nil }
        if case .bool(let flag)? = node.scalar?.value { return flag ? "marked `skip`" : nil }
        return context.string(node, "skip")?.value
    }

    private func turns(_ reader: ObjectReader) -> [TurnSpec] {
        let given = ["prompt", "messages", "turns"].filter { reader[$0] != nil }
        guard given.count == 1 else {
            let found = given.isEmpty ? "none" : given.joined(separator: " and ")
            context.emit(
                .oneOf, "\(reader.subject) needs exactly one of prompt, messages and turns, not \(found)",
                at: reader.node.pairs?.first?.nameRange ?? reader.node.range)
            return []
        }
        guard let nodes = reader.list("turns") else { return turn(reader).map { [$0] } ?? [] }
        if let assert = reader["assert"] {
            context.emit(
                .misplacedKey, "a test with turns has its assertions inside of them", at: assert.range)
        }
        return nodes.compactMap { node in
            guard let reader = ObjectReader(node, "a turn", keys: Self.turnKeys, in: context), var turn = turn(reader)
            else {
                return nil
            }
            turn.tools = reader["tools"].map(toolModes) ?? [:]
            turn.approvals = reader["tools"].map(approvals) ?? [:]
            turn.timeout = timeout(reader)
            turn.mayBeEmpty = reader.bool("may_be_empty") ?? false
            return turn
        }
    }

    private func timeout(_ reader: ObjectReader) -> Duration? {
        reader["timeout"].flatMap { duration($0, "timeout") }
    }

    private func turn(_ reader: ObjectReader) -> TurnSpec? {
        let assertions = assertions(reader.list("assert") ?? [])
        if let prompt = reader["prompt"].flatMap({ text($0, "prompt") }) {
            return TurnSpec(messages: [MessageSpec(parts: [.text(prompt)])], assertions: assertions)
        }
        guard let nodes = reader.list("messages") else {
            if reader["prompt"] == nil, reader["messages"] == nil { _ = reader.required("prompt") }
            return nil
        }
        return TurnSpec(messages: nodes.compactMap(message), assertions: assertions)
    }

    private func run(_ reader: ObjectReader) -> RunSpec {
        var options = JSONObject()
        for key in Self.runOptions {
            if let node = reader[key], let value = context.json(node, key) { options[key] = value }
        }
        if let node = reader["metadata"], let value = context.json(node, "metadata") { options["metadata"] = value }
        return RunSpec(
            instructions: reader.string("instructions")?.value,
            additionalInstructions: reader.string("additional_instructions")?.value, options: options)
    }

    private func variables(_ reader: ObjectReader) -> [String: JSONValue] {
        guard let node = reader["vars"] else { return [:] }
        guard let members = context.json(node, "vars")?.object else {
            if node.pairs == nil {
                context.emit(.wrongType, "\"vars\" must be a map, not \(node.kindName)", at: node.range)
            }
            return [:]
        }
        var variables = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        for pair in node.pairs ?? [] where filePath(pair.value) != nil {
            variables[pair.name] = text(pair.value, pair.name).map(JSONValue.string)
        }
        return variables
    }

    /// One test for each combination of the values that are lists, in the order of the variables' names.
    private func variants(of test: TestSpec, _ node: YAMLNode) -> [TestSpec] {
        var variants = [test]
        for (name, value) in test.variables.sorted(by: { $0.key < $1.key }) {
            guard let choices = value.array else { continue }
            guard !choices.isEmpty else {
                context.emit(
                    .emptyList, "\"\(name)\" is an empty list, so the test would not be run",
                    at: node["vars"]?[name]?.range
                        ?? node.range)
                return []
            }
            guard variants.count * choices.count <= Self.maximumVariants else {
                context.emit(
                    .tooManyTests, "the values under \"vars\" make more than \(Self.maximumVariants) tests",
                    at: node["vars"]?.range ?? node.range)
                return []
            }
            variants = variants.flatMap { variant in
                choices.map { choice in
                    var copy = variant
                    copy.variables[name] = choice
                    copy.name += " [\(name)=\(choice.string ?? choice.text())]"
                    return copy
                }
            }
        }
        return variants
    }

    /// A text; `file://PATH` is the text of a file, as in promptfoo.
    func text(_ node: YAMLNode, _ key: String) -> String? {
        guard let path = filePath(node) else {
            guard let text = context.string(node, key) else { return nil }
            guard text.isSecret else { return text.value }
            context.emit(
                .secretInTest, "\"\(key)\" is a secret, but reports show what a test says", at: node.range,
                help: "take it from the environment without secret: true if it may be shown")
            return nil
        }
        let place = path.range
        let name = YAMLNode(.scalar(YAMLScalar(text: path.value, isPlain: false)), at: place)
        let pair = YAMLPair(name: "file", nameRange: place, value: name)
        return context.string(YAMLNode(.mapping([pair]), at: place), key)?.value
    }

    /// The path of `file://PATH`.
    func filePath(_ node: YAMLNode) -> Located<String>? {
        guard let text = node.scalar?.text, text.hasPrefix("file://") else { return nil }
        return Located(String(text.dropFirst("file://".count)), at: node.range)
    }

    func duration(_ node: YAMLNode, _ key: String) -> Duration? {
        if let duration = node.scalar.flatMap({ DurationText.parse($0.text) }) { return duration }
        context.emit(
            .wrongType, "\"\(key)\" must be a duration, not \(node.scalar?.text ?? node.kindName)", at: node.range,
            help: "write a number and its unit, such as 30s, 500ms or 2m")
        return nil
    }
}

extension LoadingContext {
    /// Whether an error was emitted for a place inside of `node`.
    func hasProblem(in node: YAMLNode) -> Bool {
        collector.diagnostics.contains { diagnostic in
            guard let range = diagnostic.range, diagnostic.severity == .error else { return false }
            return range.file == node.range.file && range.start >= node.range.start && range.end <= node.range.end
        }
    }
}
