package import JSONModel
package import States

/// Writes the spec of an assistant that exists, so that it plans to no change.
package struct SpecWriter {
    /// Files by path below the project's folder.
    package typealias Files = [(path: String, text: String)]

    private let defaults: JSONObject
    /// Instructions with more lines get a file of their own.
    private static let longestInlineText = 12

    /// - Parameter project: whose defaults need not be repeated.
    package init(project: Project) {
        let node = project.file.defaults
        defaults = node.flatMap { project.context.json($0, "defaults")?.object } ?? [:]
    }

    /// The files of one assistant.
    ///
    /// - Parameters:
    ///   - key: the spec's key, also its file's base name.
    ///   - observed: the fields as the server has them.
    /// - Returns: the spec, and the prompt if it is long.
    package func files(key: String, observed: [AssistantField: JSONValue]) -> Files {
        var spec: JSONObject = ["assistant": .string(key)]
        var files: Files = []
        for field in AssistantField.allCases {
            guard let value = written(field, observed[field]) else { continue }
            spec[field.rawValue] = value
            if field == .instructions, let text = value.string, isLong(text) {
                let path = "prompts/\(key).md"
                spec[field.rawValue] = ["file": .string(path)]
                // Reading drops one line break at the end, so one is added whatever the text ends with.
                files.append((path, text + "\n"))
            }
        }
        return [("\(key).yaml", YAMLWriter.text(spec))] + files
    }

    private func isLong(_ text: String) -> Bool {
        text.count { $0 == "\n" } >= Self.longestInlineText && !text.unicodeScalars.contains("\r")
    }

    /// What the spec must say of a field; nil where it need not say anything.
    private func written(_ field: AssistantField, _ value: JSONValue?) -> JSONValue? {
        let inherited = defaults[field.rawValue]
        if field == .metadata { return metadata(Marks.removed(from: value?.object ?? [:]), inherited?.object ?? [:]) }
        let isDefault = field.normalForm(of: value) == field.normalForm(of: nil)
        if isDefault { return inherited == nil ? nil : .null }
        if let inherited, field.normalForm(of: inherited) == field.normalForm(of: value) { return nil }
        return field == .tools ? withoutNulls(value) : value
    }

    private func metadata(_ pairs: JSONObject, _ inherited: JSONObject) -> JSONValue? {
        var result = pairs.filter { inherited[$0.key] != $0.value }
        for (key, _) in inherited where pairs[key] == nil { result[key] = .null }
        return result.isEmpty ? nil : .object(result)
    }

    /// Tools as people write them, without the nulls that servers add beside `type` and `function`.
    private func withoutNulls(_ tools: JSONValue?) -> JSONValue {
        .array(
            (tools?.array ?? []).map { tool in
                var members = (tool.object ?? [:]).filter { !$0.value.isNull }
                if let function = members["function"]?.object {
                    members["function"] = .object(function.filter { !$0.value.isNull })
                }
                return .object(members)
            })
    }
}
