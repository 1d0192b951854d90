package import AssistantsAPI
package import JSONModel

/// Tools of MCP servers as a local server has them: it reaches no such server, and says what it would have called.
package enum LocalMCP {
    /// What a call returns.
    ///
    /// - Parameters:
    ///   - call: of an MCP server's tool.
    ///   - isApproved: whether somebody let it be made.
    /// - Returns: the text that the model gets.
    package static func output(of call: ToolCall, isApproved: Bool) -> String {
        guard case .mcp(let server) = call.kind, isApproved else { return "The call was not approved." }
        return "\(call.name) of \(server) was called with \(call.arguments)."
    }

    /// Whether a call waits for somebody's word: always, unless `require_approval` of its tool, or of the run's
    /// `tool_resources`, says `never`, for all tools or for this one.
    ///
    /// - Parameters:
    ///   - call: of an MCP server's tool.
    ///   - settings: of the run.
    /// - Returns: true when it waits.
    package static func needsApproval(_ call: ToolCall, _ settings: JSONObject) -> Bool {
        guard case .mcp(let server) = call.kind else { return true }
        let entries = [settings["tool_resources"]?["mcp"], settings["tools"]].flatMap { $0?.array ?? [] }
        let rules = entries.filter { $0["server_label"]?.string == server }.compactMap { $0["require_approval"] }
        guard let rule = rules.first else { return true }
        if let word = rule.string { return word != "never" }
        let names = rule["never"]?["tool_names"]?.array ?? []
        return !names.contains(.string(call.name))
    }
}
