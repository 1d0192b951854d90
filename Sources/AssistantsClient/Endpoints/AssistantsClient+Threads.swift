package import AssistantsAPI
package import JSONModel
import TextSafety

extension AssistantsClient {
    /// Creates a thread.
    ///
    /// - Parameters:
    ///   - messages: what it starts with.
    ///   - metadata: its labels, such as the mark of a test run.
    /// - Returns: the thread's id.
    /// - Throws: ``AssistantsError``.
    package func createThread(
        messages: [MessageRequest] = [], metadata: [String: String] = [:]
    ) async throws(AssistantsError) -> String {
        var body = JSONObject()
        if !messages.isEmpty { body["messages"] = .array(messages.map(\.json)) }
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue.string($0.value)) }
            body["metadata"] = .object(JSONObject(pairs))
        }
        return try await identified(.post(["threads"], .object(body)))["id"]?.string ?? ""
    }

    /// Deletes a thread with its messages and runs. One that vanished while the request was repeated counts as deleted.
    ///
    /// - Parameter id: the thread's id.
    /// - Throws: ``AssistantsError``.
    package func deleteThread(_ id: String) async throws(AssistantsError) {
        try await delete(.delete(["threads", id]))
    }

    /// Adds a message to a thread.
    ///
    /// - Parameters:
    ///   - message: role and parts.
    ///   - thread: the thread's id.
    /// - Returns: the message as stored.
    /// - Throws: ``AssistantsError``.
    @discardableResult
    package func createMessage(
        _ message: MessageRequest, thread: String
    ) async throws(AssistantsError) -> JSONValue {
        try await identified(.post(["threads", thread, "messages"], message.json))
    }

    /// Reads the messages of a thread, one page.
    ///
    /// - Parameters:
    ///   - thread: the thread's id.
    ///   - order: by time of creation.
    ///   - limit: the most messages, 1 to 100.
    ///   - runID: only messages of this run; servers that do not know the filter return all.
    /// - Returns: the messages; those without an id are left out.
    /// - Throws: ``AssistantsError``.
    package func messages(
        thread: String, order: ListOrder = .descending, limit: Int = AssistantsProtocol.defaultPageSize,
        runID: String? = nil
    ) async throws(AssistantsError) -> [Message] {
        var query = [(name: "order", value: order.rawValue), (name: "limit", value: String(limit))]
        if let runID { query.append((name: "run_id", value: runID)) }
        return try await page(.get(["threads", thread, "messages"], query: query)).items.compactMap(Message.init)
    }

    /// Deletes one message of a thread.
    ///
    /// - Parameters:
    ///   - id: the message's id.
    ///   - thread: the thread's id.
    /// - Throws: ``AssistantsError``; not every server can do this.
    package func deleteMessage(_ id: String, thread: String) async throws(AssistantsError) {
        try await delete(.delete(["threads", thread, "messages", id]))
    }

    /// Posts the arguments of a tool call to an address that is not the server's, without its key.
    ///
    /// - Parameters:
    ///   - url: https, or this machine.
    ///   - arguments: JSON as the model wrote it.
    /// - Returns: whatever text came back.
    /// - Throws: ``AssistantsError``, also for an address that is not safe.
    package func callTool(url: String, arguments: String) async throws(AssistantsError) -> String {
        guard let address = ServerAddress(url) else {
            throw AssistantsError(.invalidAddress, server: InertText.excerpt(url, limit: 200))
        }
        guard address.isSafe else { throw AssistantsError(.insecureAddress, server: address.name) }
        let call = Call(
            method: .post, path: [], body: Array((arguments.isEmpty ? "{}" : arguments).utf8), idempotent: false)
        return String(decoding: try await anonymous(at: address).success(call).response.body, as: UTF8.self)
    }

    /// Runs a function of the platform for one tool call. docs/protocol.md#davinci.
    ///
    /// - Parameters:
    ///   - thread: the thread's id.
    ///   - assistant: the assistant's id.
    ///   - function: the function's name.
    ///   - arguments: JSON as the model wrote it, passed on unchanged.
    /// - Returns: whatever text the server returned, cut to ``AssistantsProtocol/pluginOutputLimit`` Unicode scalars.
    /// - Throws: ``AssistantsError`` for any status but a success, and for a dialect without such functions.
    package func callPlugin(
        thread: String, assistant: String, function: String, arguments: String
    ) async throws(AssistantsError) -> String {
        guard dialect.hasPlugins else {
            throw AssistantsError(.noPlugins, request: "POST /\(AssistantsProtocol.pluginPath)", server: server.name)
        }
        let query = [
            (name: "tid", value: thread), (name: "aid", value: assistant), (name: "pid", value: function),
        ]
        let body = Array((arguments.isEmpty ? "{}" : arguments).utf8)
        let call = Call(
            method: .post, path: [AssistantsProtocol.pluginPath], query: query, body: body, idempotent: false)
        let text = String(decoding: try await success(call).response.body, as: UTF8.self)
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(AssistantsProtocol.pluginOutputLimit)))
    }
}
