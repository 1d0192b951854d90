package import JSONModel
import Texts

/// What makes two tools the same tool, whatever their place in the list.
package struct ToolIdentity: Hashable, Comparable, Sendable {
    private let exactType: ExactText
    private let exactName: ExactText
    package var type: String { exactType.text }
    /// What the table says; empty for tools of which an assistant has one at most.
    package var name: String { exactName.text }

    /// Where tools of each type have their names: `function` and `mcp` as OpenAI publishes them, the others as Azure does
    /// (azure-rest-api-specs, Azure.AI.Agents, tools/models.tsp).
    private static let places: [String: [String]] = [
        "function": ["function", "name"], "mcp": ["server_label"], "openapi": ["openapi", "name"],
        "azure_function": ["azure_function", "function", "name"], "connected_agent": ["connected_agent", "name"],
    ]

    package init(_ tool: JSONValue) {
        let type = tool["type"]?.string ?? ""
        let name = Self.places[type].flatMap { path in
            path.reduce(Optional(tool)) { value, member in value?[member] }?.string
        }
        exactType = ExactText(type)
        exactName = ExactText(name ?? "")
    }

    package static func < (left: ToolIdentity, right: ToolIdentity) -> Bool {
        (left.exactType, left.exactName) < (right.exactType, right.exactName)
    }

    /// Whether an assistant can have one such tool only: a second one is a mistake, whatever else it says.
    package var isUnique: Bool {
        !name.isEmpty || ["code_interpreter", "file_search"].contains(type)
    }

    /// `SEARCH`, `code_interpreter`, `mcp github`: how a plan names the tool.
    package var label: String {
        if name.isEmpty { return type }
        return type == "function" ? name : "\(type) \(name)"
    }
}
