package import JSONModel

/// A tool that the model wants called: a function, whose output it waits for, or a tool of an MCP server, which the
/// platform calls once somebody approves.
package struct ToolCall: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case function
        /// Of the server with this `server_label`. docs/dialects.md#approvals.
        case mcp(server: String)
    }

    package let id: String
    package let name: String
    /// JSON as the model wrote it, which may be malformed.
    package var arguments: String
    package let kind: Kind

    package init(id: String, name: String, arguments: String, kind: Kind = .function) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.kind = kind
    }

    /// Reads a tool call of a run's required action, or of a step.
    ///
    /// - Parameter json: the call; nil is returned for one without an id or a name.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.string else { return nil }
        if json["type"]?.string == "mcp", let name = json["name"]?.string {
            let server = json["server_label"]?.string ?? ""
            self.init(id: id, name: name, arguments: Self.arguments(json["arguments"]), kind: .mcp(server: server))
        } else if let name = json["function"]?["name"]?.string {
            self.init(id: id, name: name, arguments: Self.arguments(json["function"]?["arguments"]))
        } else {
            return nil
        }
    }

    /// Models that call a function without parameters write nothing, or null, for the empty object; some servers send the
    /// arguments themselves in the place of their text.
    private static func arguments(_ json: JSONValue?) -> String {
        switch json {
        case nil, .null: "{}"
        case .string(let text): text.allSatisfy(\.isWhitespace) ? "{}" : text
        case .some(let other): other.text()
        }
    }

    package var json: JSONValue {
        switch kind {
        case .function:
            [
                "id": .string(id), "type": "function",
                "function": ["name": .string(name), "arguments": .string(arguments)],
            ]
        case .mcp(let server):
            [
                "id": .string(id), "type": "mcp", "name": .string(name), "arguments": .string(arguments),
                "server_label": .string(server),
            ]
        }
    }

    /// The call as a part of a step.
    ///
    /// - Parameter output: what the tool returned; null on the wire where it has not.
    /// - Returns: the part.
    package func json(output: String?) -> JSONValue {
        let output = output.map(JSONValue.string) ?? .null
        guard var members = json.object else { return json }
        switch kind {
        case .function:
            members["function"] = ["name": .string(name), "arguments": .string(arguments), "output": output]
        case .mcp: members["output"] = output
        }
        return .object(members)
    }
}

/// What a run waits for while its status is `requires_action`.
package enum RequiredAction: Equatable, Sendable {
    /// The outputs of these calls, all in one submission.
    case outputs([ToolCall])
    /// A word about each of these calls, which the platform then makes itself. docs/dialects.md#approvals.
    case approvals([ToolCall])
    /// Something of this type, which Muster does not know.
    case unknown(String)

    /// Reads `required_action`; nil where there is none.
    package init?(_ json: JSONValue?) {
        guard let json, json.object != nil else { return nil }
        let type = json["type"]?.string ?? "submit_tool_outputs"
        let calls = (json[type]?["tool_calls"]?.array ?? []).compactMap(ToolCall.init)
        switch type {
        case "submit_tool_outputs": self = .outputs(calls)
        case "submit_tool_approval": self = .approvals(calls)
        default: self = .unknown(type)
        }
    }

    /// The calls to answer.
    package var calls: [ToolCall] {
        switch self {
        case .outputs(let calls), .approvals(let calls): calls
        case .unknown: []
        }
    }
}

/// What answers a ``RequiredAction``.
package enum ToolSubmission: Equatable, Sendable {
    case outputs([ToolOutput])
    case approvals([ToolApproval])

    /// The body of the request.
    package var json: JSONObject {
        switch self {
        case .outputs(let outputs): ["tool_outputs": .array(outputs.map(\.json))]
        case .approvals(let approvals): ["tool_approvals": .array(approvals.map(\.json))]
        }
    }
}

/// Whether a call of an MCP server's tool may be made.
package struct ToolApproval: Equatable, Sendable {
    package let callID: String
    package let isApproved: Bool

    package init(callID: String, isApproved: Bool) {
        self.callID = callID
        self.isApproved = isApproved
    }

    package var json: JSONValue {
        ["tool_call_id": .string(callID), "approve": .bool(isApproved)]
    }
}

/// What a tool call returned, as submitted to the run.
package struct ToolOutput: Equatable, Sendable {
    package let callID: String
    package let output: String

    package init(callID: String, output: String) {
        self.callID = callID
        self.output = output
    }

    package var json: JSONValue {
        ["tool_call_id": .string(callID), "output": .string(output)]
    }
}
