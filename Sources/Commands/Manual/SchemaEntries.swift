import EmulatorCore
import JSONModel
import Specs

extension ManualFile {
    /// The schema that says what may stand in it, with the key of the schemas that it is made of, if it has one of its own.
    private var schema: JSONValue {
        switch self {
        case .project: SpecSchema.project.json
        case .spec: SpecSchema.assistant.json
        case .tools: SpecSchema.tools.json
        case .tests: SpecSchema.tests.json
        case .knowledge: SpecSchema.knowledge.json
        case .rules: ModelRules.schema
        case .plugins: PluginTable.schema
        }
    }

    /// Every key, those of a map below it.
    var entries: [ManualEntry] {
        let keys = SchemaKeys(of: schema).found
        // A file of tests is a list of them, or holds one under `tests`.
        let tests = self == .tests ? SchemaKeys(of: schema["$defs"]?["test"] ?? [:]).found : []
        let all =
            keys
            + tests.map { key in
                var key = key
                key.path = ["tests[]"] + key.path
                return key
            }
        return all.map { key in
            let below = all.filter { $0.isChild(of: key) }
            return ManualEntry(
                name: key.name, subject: .key(self), takes: key.takes, text: [key.meaning].filter { !$0.isEmpty },
                parts: below.map { .init(term: $0.last, takes: $0.takes, meaning: $0.meaning) })
        }
    }
}

/// The keys of a JSON Schema, with what may stand there and what it means.
struct SchemaKeys {
    struct Key {
        /// Outermost first; `NAME` for a key that the writer chooses, `[]` behind one whose items are meant.
        var path: [String]
        var takes: String
        var meaning: String

        var name: String { path.joined(separator: ".") }
        var last: String { path.last ?? "" }

        /// Whether it stands directly below another, or in the items or named members of it.
        func isChild(of other: Key) -> Bool {
            let own = path.dropLast().filter { $0 != "NAME" }.map { $0.replacing("[]", with: "") }
            return own == other.path.filter { $0 != "NAME" }.map { $0.replacing("[]", with: "") }
        }
    }

    private(set) var found: [Key] = []

    init(of schema: JSONValue) {
        gather(schema, [])
    }

    private mutating func gather(_ schema: JSONValue, _ path: [String]) {
        for choice in (schema["anyOf"]?.array ?? []) + (schema["oneOf"]?.array ?? []) { gather(choice, path) }
        let required = schema["required"]?.array ?? []
        for (key, value) in schema["properties"]?.object ?? [:] {
            let takes = Self.takes(value) + (required.contains(.string(key)) ? ", required" : "")
            add(Key(path: path + [key], takes: takes, meaning: Self.meaning(value) ?? ""))
            gather(value, path + [key])
        }
        if let values = schema["additionalProperties"], values.object != nil { gather(values, path + ["NAME"]) }
        guard let items = schema["items"] else { return }
        gather(items, path.isEmpty ? [] : Array(path.dropLast()) + [(path.last ?? "") + "[]"])
    }

    /// A key of several alternatives is told once.
    private mutating func add(_ key: Key) {
        guard let place = found.firstIndex(where: { $0.path == key.path }) else { return found.append(key) }
        if found[place].meaning.isEmpty { found[place].meaning = key.meaning }
        if !found[place].takes.contains(key.takes) { found[place].takes += " or " + key.takes }
    }

    private static func meaning(_ schema: JSONValue) -> String? {
        schema["description"]?.string ?? (schema["anyOf"]?.array ?? []).lazy.compactMap(meaning).first
    }

    /// What may stand there, in words.
    static func takes(_ schema: JSONValue) -> String {
        if let name = schema["$ref"]?.string?.split(separator: "/").last { return shared(String(name)) }
        if let value = schema["const"] { return "`\(value.plainText)`" }
        if let values = schema["enum"]?.array { return alternatives(values.map { "`\($0.plainText)`" }) }
        if let choices = schema["anyOf"]?.array ?? schema["oneOf"]?.array {
            return alternatives(choices.filter { $0["pattern"]?.string != SpecSchema.templatePattern }.map(takes))
        }
        let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap { $0 }
        return types.isEmpty ? "anything" : alternatives(types.map { word($0, schema) })
    }

    private static func shared(_ name: String) -> String {
        switch name {
        case "text": "text"
        case "assertion": "an assertion"
        case "fields": "the fields of a spec"
        default: "a \(name)"
        }
    }

    private static func word(_ type: String, _ schema: JSONValue) -> String {
        switch type {
        case "string": return "text"
        case "boolean": return "`true` or `false`"
        case "object": return "a map"
        case "null": return "`null`"
        case "array": return schema["items"].map { "a list of: \(takes($0))" } ?? "a list"
        default:
            let name = type == "integer" ? "a whole number" : "a number"
            guard let least = schema["minimum"] else { return name }
            return schema["maximum"].map { "\(name), \(least.plainText) to \($0.plainText)" }
                ?? "\(name) from \(least.plainText)"
        }
    }

    private static func alternatives(_ words: [String]) -> String {
        var seen: Set<String> = []
        let words = words.filter { seen.insert($0).inserted }
        return words.count < 2
            ? words.first ?? "" : words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }
}
