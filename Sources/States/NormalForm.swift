package import JSONModel
import Texts

extension AssistantField {
    /// The one form in which equal meanings are equal values: absent, null and the documented default alike, tools
    /// ordered by type and name, additions of servers that mean nothing left out. docs/protocol.md#updates.
    ///
    /// - Parameter value: what a spec says or a server returned; nil when it says nothing.
    /// - Returns: a value to compare and to digest, never to send.
    package func normalForm(of value: JSONValue?) -> JSONValue {
        guard let value, !value.isNull else { return defaultValue }
        switch self {
        case .name, .description, .model, .instructions: return value == "" ? .null : value
        case .temperature, .topP: return value.double.map(JSONValue.number) ?? value
        case .tools: return .array(Self.normalTools(value.array ?? []))
        case .toolResources: return .object(Self.withoutEmpty(value.object ?? [:]))
        case .metadata: return .object(Marks.removed(from: value.object ?? [:]))
        case .responseFormat: return Self.normalFormat(value)
        case .reasoningEffort: return value
        case .extra: return .object((value.object ?? [:]).filter { !$0.value.isNull })
        }
    }

    private static func normalTools(_ tools: [JSONValue]) -> [JSONValue] {
        tools.map(normalTool).sorted { left, right in
            let (a, b) = (ToolIdentity(left), ToolIdentity(right))
            return a == b ? ExactText(left.text(.canonical)) < ExactText(right.text(.canonical)) : a < b
        }
    }

    private static func normalTool(_ tool: JSONValue) -> JSONValue {
        guard var members = tool.object else { return tool }
        members = members.filter { !$0.value.isNull }
        if let function = members["function"]?.object {
            members["function"] = .object(normalFunction(function))
        }
        if let search = members["file_search"]?.object {
            let set = withoutEmpty(search)
            members["file_search"] = set.isEmpty ? nil : .object(set)
        }
        if members["code_interpreter"]?.object?.isEmpty == true { members["code_interpreter"] = nil }
        return .object(members)
    }

    private static func normalFunction(_ function: JSONObject) -> JSONObject {
        var members = function.filter { !$0.value.isNull }
        if members["strict"] == false { members["strict"] = nil }
        if members["description"] == "" { members["description"] = nil }
        if members["parameters"].map(noParameters.contains) == true { members["parameters"] = nil }
        return members
    }

    /// The ways of saying that a function takes nothing.
    private static let noParameters: [JSONValue] = [[:], ["type": "object", "properties": [:]], ["type": "object"]]

    private static func normalFormat(_ format: JSONValue) -> JSONValue {
        guard let members = format.object, let schema = members["json_schema"]?.object else { return format }
        var result = members
        result["json_schema"] = .object(
            schema.filter { !$0.value.isNull && !($0.key == "strict" && $0.value == false) })
        return .object(result)
    }

    /// Drops nulls, and objects and lists that hold nothing, at every level.
    private static func withoutEmpty(_ object: JSONObject) -> JSONObject {
        var result = JSONObject()
        for (key, value) in object {
            let kept = value.object.map { JSONValue.object(withoutEmpty($0)) } ?? value
            let isEmpty = kept.isNull || kept.object?.isEmpty == true || kept.array?.isEmpty == true
            if !isEmpty { result[key] = kept }
        }
        return result
    }
}
