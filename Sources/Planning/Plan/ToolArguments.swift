package import JSONModel
import States

/// What a change of tools means for whoever calls or implements them.
package enum ToolRemark: Hashable, Sendable {
    /// A function or built-in tool is taken away.
    case removed(tool: String)
    /// The model must give what it need not give before.
    case newlyRequired(tool: String, argument: String, isNew: Bool)
    case argumentRemoved(tool: String, argument: String)

    /// Compares two lists of tools, matched by type and function name.
    ///
    /// - Parameters:
    ///   - old: before.
    ///   - new: after.
    /// - Returns: remarks in the order of the old list.
    package static func remarks(from old: JSONValue, to new: JSONValue) -> [ToolRemark] {
        let after = Dictionary((new.array ?? []).map { (ToolIdentity($0), $0) }) { first, _ in first }
        return (old.array ?? []).flatMap { tool -> [ToolRemark] in
            let identity = ToolIdentity(tool)
            guard let now = after[identity] else { return [.removed(tool: identity.label)] }
            return arguments(of: identity.label, from: Parameters(tool), to: Parameters(now))
        }
    }

    private static func arguments(of tool: String, from old: Parameters, to new: Parameters) -> [ToolRemark] {
        let gone = old.names.filter { !new.names.contains($0) }.map { argumentRemoved(tool: tool, argument: $0) }
        let required = new.required.filter { !old.required.contains($0) }
            .map { newlyRequired(tool: tool, argument: $0, isNew: !old.names.contains($0)) }
        return required + gone
    }

    private struct Parameters {
        let names: [String]
        let required: [String]

        init(_ tool: JSONValue) {
            let schema = tool["function"]?["parameters"]
            names = schema?["properties"]?.object?.keys.map { $0 } ?? []
            required = (schema?["required"]?.array ?? []).compactMap(\.string)
        }
    }
}
