import Diagnostics
import JSONModel
import JSONRules
import YAMLSyntax

/// Checks that a JSON Schema is one, where a mistake would only show when the model calls the tool. What nobody checks,
/// such as a keyword of another vocabulary, is a warning: JSON Schema (draft 2020-12, core, section 6.5) lets anyone add
/// some.
struct JSONSchemaRule {
    let context: LoadingContext

    /// The parameters of a function: a schema of an object.
    ///
    /// - Parameters:
    ///   - node: as they are written.
    ///   - document: as they were read.
    func checkParameters(_ node: YAMLNode, _ document: JSONValue) {
        check(node, document)
        guard let pairs = node.pairs, !pairs.isEmpty, node["type"]?.scalar?.text != "object" else { return }
        context.emit(
            .badSchema, "the parameters of a function must be of type object", at: node["type"]?.range ?? node.range,
            help: "write type: object, and the parameters under properties:")
    }

    /// Checks any schema; one that was found sound before, as when forty assistants have the same function, is not looked at
    /// again.
    func check(_ node: YAMLNode, _ document: JSONValue) {
        guard !context.soundSchemas.contains(document) else { return }
        let known = context.collector.diagnostics.count
        look(at: node, document)
        if context.collector.diagnostics.count == known { context.soundSchemas.insert(document) }
    }

    private func look(at node: YAMLNode, _ document: JSONValue) {
        guard document.object != nil || document.bool != nil else {
            context.emit(.badSchema, "a JSON Schema must be a map, not \(node.kindName)", at: node.range)
            return
        }
        do {
            for remark in try JSONSchema(document).remarks {
                context.remark(remark, at: node.place(of: remark.place.steps) ?? node.range)
            }
        } catch {
            for problem in error.problems { emit(problem, node) }
        }
        checkSlips(node)
    }

    private func emit(_ problem: JSONSchemaProblems.Problem, _ node: YAMLNode) {
        let place = problem.place.steps
        let value = node.node(at: place)
        var help: String?
        if place.last == "type", let word = value?.scalar?.text {
            help = NearestName.suggestion(for: word, among: JSONSchema.types).map { "did you mean \"\($0)\"?" }
        }
        context.emit(
            .badSchema, "\(place.last.map { "\"\($0)\"" } ?? "the JSON Schema") \(problem.message)",
            at: value?.range ?? node.range, help: help)
    }

    /// What JSON Schema allows and nobody means: a name that is required and that no property has, a choice of nothing.
    private func checkSlips(_ node: YAMLNode) {
        for pair in node.pairs ?? [] where pair.name != "enum" && pair.name != "const" && pair.name != "default" {
            checkSlips(pair.value)
        }
        for item in node.items ?? [] { checkSlips(item) }
        if let values = node["enum"], values.items?.isEmpty == true {
            context.emit(.badSchema, "\"enum\" has no value, so nothing would fit", at: values.range)
        }
        guard let required = node["required"]?.items, let properties = node["properties"]?.pairs else { return }
        let names = properties.map(\.name)
        for item in required {
            guard let name = item.scalar?.text, !names.contains(name) else { continue }
            let nearest = NearestName.suggestion(for: name, among: names)
            context.emit(
                .badSchema, "\"\(name)\" is required but not among the properties", at: item.range,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "properties: \(names.joined(separator: ", "))")
        }
    }
}
