package import JSONModel
package import States

/// What a server's values must look like to be written into a spec as what they are.
///
/// Where a spec wants a text, a map would be read as a reference: `{env: HOME}` of a server would send a variable of the
/// runner back to it. Such values are refused, never quoted into something else.
package enum WritableFields {
    /// The fields that cannot be written, in the order of the protocol.
    package static func unfit(in fields: [AssistantField: JSONValue]) -> [AssistantField] {
        AssistantField.allCases.filter { field in fields[field].map { !isFit($0, field) } ?? false }
    }

    private static func isFit(_ value: JSONValue, _ field: AssistantField) -> Bool {
        if value.isNull { return true }
        switch field {
        case .name, .description, .model, .instructions, .reasoningEffort: return value.string != nil
        case .temperature, .topP: return value.double != nil
        case .metadata: return value.object?.allSatisfy { $0.value.string != nil } ?? false
        case .tools: return value.array?.allSatisfy(isTool) ?? false
        case .toolResources: return value.object?.allSatisfy { isResource($0.key, $0.value) } ?? false
        case .extra: return value.object.map { _ in !References.occur(in: value) } ?? false
        case .responseFormat: return value.string != nil || value["type"]?.string != nil
        }
    }

    private static func isTool(_ tool: JSONValue) -> Bool {
        guard let type = tool["type"]?.string else { return false }
        guard ToolsDecoder.checkedTypes.contains(type) else { return !References.occur(in: tool) }
        guard let function = tool["function"] else { return true }
        return function.isNull || function["name"]?.string != nil && (function["description"].map(isText) ?? true)
    }

    private static func isText(_ value: JSONValue) -> Bool {
        value.isNull || value.string != nil
    }

    private static func isResource(_ kind: String, _ value: JSONValue) -> Bool {
        guard ["code_interpreter", "file_search"].contains(kind) else { return !References.occur(in: value) }
        guard let lists = value.object else { return value.isNull }
        return lists.allSatisfy { list in
            list.value.isNull || list.value.array?.allSatisfy { $0.string != nil } ?? false
        }
    }
}
