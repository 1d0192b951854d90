import Diagnostics
import JSONModel
import States
import YAMLSyntax

/// What tests are about, as far as it is known before any of them runs.
package struct TestSubject: Sendable {
    /// Names of the assistant's functions; nil where they are not known.
    package var functions: Set<String>?
    /// Labels of the MCP servers that it uses; nil where they are not known.
    package var servers: Set<String>?
    /// Whether the project says who judges what only a model can judge.
    package var hasJudge: Bool

    package init(functions: Set<String>? = nil, servers: Set<String>? = nil, hasJudge: Bool = true) {
        self.functions = functions
        self.servers = servers
        self.hasJudge = hasJudge
    }
}

extension AssistantSpec {
    /// Names of its functions; nil when its tools did not load.
    var functionNames: Set<String>? {
        guard let tools = fields[.tools] else { return places[.tools] == nil ? [] : nil }
        return Set((tools.array ?? []).compactMap { $0["function"]?["name"]?.string })
    }

    /// Labels of its MCP servers; nil when its tools did not load.
    var serverLabels: Set<String>? {
        guard let tools = fields[.tools] else { return places[.tools] == nil ? [] : nil }
        return Set((tools.array ?? []).compactMap { $0["server_label"]?.string })
    }
}

extension TestDecoder {
    /// Checks that what a test answers, asserts and has judged is there.
    func checkSubject(of test: TestSpec, _ node: YAMLNode) {
        guard let subject else { return }
        let turns = node["turns"]?.items ?? [node]
        for place in [node] + turns {
            for pair in place["tools"]?.pairs ?? [] where pair.name != "*" {
                guard Self.isApprovals(pair) else {
                    checkFunction(pair.name, "answers", at: pair.nameRange)
                    continue
                }
                for server in pair.value.pairs ?? [] { checkServer(server.name, at: server.nameRange) }
            }
        }
        for assertion in test.turns.flatMap(\.assertions).flatMap(\.withMembers) {
            let range = assertion.range ?? node.range
            if assertion.type.needsJudge, !subject.hasJudge {
                // When it is run it is an error of its own, and no reason not to run the others.
                context.collector.emit(
                    Diagnostic(
                        .warning, code: .noJudge,
                        "the assertion \"\(assertion.title)\" needs a judge, and the project has none", at: range,
                        help: "add judge: to \(ProjectFile.fileName)"))
            }
            guard !assertion.hasNames, case .success(let check) = assertion.check else { continue }
            for name in check.functions { checkFunction(name, "asks for", at: range) }
        }
    }

    private func checkFunction(_ name: String, _ verb: String, at range: SourceRange) {
        guard let known = subject?.functions, !known.contains(name), !name.contains("*") else { return }
        let nearest = NearestName.suggestion(for: name, among: known)
        let all = known.isEmpty ? "it has none" : "it has: \(known.sorted().joined(separator: ", "))"
        context.emit(
            .unknownFunction, "the test \(verb) \"\(name)\", which is no function of the assistant", at: range,
            help: nearest.map { "did you mean \"\($0)\"?" } ?? all)
    }

    private func checkServer(_ label: String, at range: SourceRange) {
        guard let known = subject?.servers, !known.contains(label) else { return }
        let nearest = NearestName.suggestion(for: label, among: known)
        let all = known.isEmpty ? "it has none" : "it has: \(known.sorted().joined(separator: ", "))"
        context.emit(
            .unknownServer, "the test speaks of \"\(label)\", which is no MCP server of the assistant", at: range,
            help: nearest.map { "did you mean \"\($0)\"?" } ?? all)
    }

    // MARK: Names to fill in

    /// Finds names that nothing will be known for.
    ///
    /// - Parameters:
    ///   - node: the test, as it is written.
    ///   - test: with its variables.
    ///   - record: the data that the test was made with; nil for a test without.
    /// - Returns: true when some name was told.
    func checkNames(in node: YAMLNode, of test: TestSpec, _ record: DataRecord?) -> Bool {
        // What a program prepares is known only when it has run.
        guard test.setup.isEmpty else { return false }
        var told: Set<String> = []
        var paths: [Located<String>] = []
        func visit(_ node: YAMLNode) {
            if let path = filePath(node) ?? Self.referredFile(node) { return paths.append(path) }
            if let text = node.scalar?.text {
                for name in TemplateText.names(in: text) where !isKnown(name, test) {
                    told.insert(name)
                    tell(name, test, record, at: node.range)
                }
            }
            for item in node.items ?? [] { visit(item) }
            for pair in node.pairs ?? [] { visit(pair.value) }
        }
        let filled = ["prompt", "messages", "turns", "assert", "tools", "instructions", "additional_instructions"]
        for pair in node.pairs ?? [] where filled.contains(pair.name) { visit(pair.value) }
        // Texts that stand in files are there already: files are opened only to say where a name stands.
        for name in test.names where !isKnown(name, test) && told.insert(name).inserted {
            guard let path = paths.first(where: { holds($0, name) }) else { continue }
            tell(name, test, record, at: path.range)
        }
        return !told.isEmpty
    }

    /// The path of `{file: PATH}`.
    private static func referredFile(_ node: YAMLNode) -> Located<String>? {
        guard let pair = node.pairs?.first, node.pairs?.count == 1, pair.name == "file" else { return nil }
        return pair.value.scalar.map { Located($0.text, at: pair.value.range) }
    }

    private func holds(_ path: Located<String>, _ name: String) -> Bool {
        guard let bytes = context.contents(of: path.value, at: path.range) else { return false }
        return TemplateText.names(in: String(decoding: bytes, as: UTF8.self)).contains(name)
    }

    private func isKnown(_ name: String, _ test: TestSpec) -> Bool {
        name == "now" || name.hasPrefix("env.") || TemplateText.value(of: name, in: test.variables) != nil
    }

    private func tell(_ name: String, _ test: TestSpec, _ record: DataRecord?, at range: SourceRange) {
        let known = test.variables.keys.sorted()
        let nearest = NearestName.suggestion(for: name, among: known)
        context.emit(
            .unknownName, "nothing is known for {{\(name)}}", at: range,
            help: nearest.map { "did you mean {{\($0)}}?" }
                ?? "give it under vars:, or write {{ \"{{\(name)}}\" }} for the braces themselves",
            notes: record.map { [Diagnostic.Note("these are the data", at: $0.range)] } ?? [])
    }
}

extension TestSpec {
    /// What is filled into the texts that are sent, in order.
    fileprivate var names: [String] {
        let said = turns.flatMap(\.messages).flatMap(\.parts).compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }
        let texts = said + [run.instructions, run.additionalInstructions].compactMap(\.self)
        return texts.flatMap(TemplateText.names)
    }
}

extension AssertionCheck {
    /// Functions that it names.
    fileprivate var functions: [String] {
        switch self {
        case .called(let name, _): [name]
        case .callSet(let names, _), .sequence(let names, _), .used(.all(let names)): names
        default: []
        }
    }
}
