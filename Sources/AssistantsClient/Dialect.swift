import JSONModel

/// How a server differs from others that speak the protocol: every difference that the house knows of, in one place.
///
/// What each rests on is in docs/dialects.md.
package struct Dialect: Sendable {
    /// Whether requests carry `OpenAI-Beta: assistants=v2`.
    package let sendsBetaHeader: Bool
    /// Parameters that every request must carry, unless the environment says otherwise.
    let query: [(name: String, value: String)]
    /// Whether the platform runs functions itself, by `/pluginapi`.
    package let hasPlugins: Bool
    /// Whether a function must have `parameters`, also where it takes none.
    let requiresParameters: Bool

    /// The body of a creation or an update as this server takes it.
    func adapted(_ body: JSONObject) -> JSONObject {
        guard requiresParameters, let tools = body["tools"]?.array else { return body }
        var body = body
        body["tools"] = .array(
            tools.map { tool in
                guard var members = tool.object, var function = members["function"]?.object,
                    function["parameters"] == nil
                else { return tool }
                function["parameters"] = ["type": "object", "properties": [:]]
                members["function"] = .object(function)
                return .object(members)
            })
        return body
    }

    /// The protocol as its inventor published it.
    package static let openai = Dialect(
        sendsBetaHeader: true, query: [], hasPlugins: false, requiresParameters: false)
    /// MediaTek DaVinci: the protocol, and functions that the platform runs.
    package static let davinci = Dialect(
        sendsBetaHeader: true, query: [], hasPlugins: true, requiresParameters: false)
    /// Azure AI Foundry, classic agents.
    package static let foundry = Dialect(
        sendsBetaHeader: false, query: [(name: "api-version", value: "v1")], hasPlugins: false,
        requiresParameters: true)
    /// Alibaba Cloud Model Studio.
    package static let dashscope = Dialect(
        sendsBetaHeader: false, query: [], hasPlugins: false, requiresParameters: false)
}
