import EmulatorCore
import Hummingbird
import JSONModel
import JSONRules
import NIOCore

/// `/pluginapi`: runs a function of an assistant on the server's side. docs/protocol.md#davinci.
struct PluginRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.post("pluginapi", use: run)
    }

    @Sendable
    private func run(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let ids = try Identifiers(request)
        let value = try await request.jsonValue()
        guard let arguments = value.object else {
            throw APIError.invalid("The arguments of a plugin must be a JSON object, but they are \(value.kindName).")
        }
        let parameters = try await core.store.read { table in
            _ = try table.require(.thread, ids.thread)
            let assistant = try table.require(.assistant, ids.assistant)
            guard let function = Self.function(ids.plugin, of: assistant) else {
                throw APIError.notFound("plugin", ids.plugin)
            }
            return function["parameters"]?.unlessNull
        }
        if let parameters { try Self.check(arguments, against: parameters, of: ids.plugin) }
        guard let plugin = core.configuration.plugins[ids.plugin] else {
            return .json(SampleResults.answer(plugin: ids.plugin, arguments: arguments))
        }
        let answer = try await PluginRunner().run(plugin, arguments: arguments)
        return Response(
            status: answer.status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: answer.text)))
    }

    private static func check(_ arguments: JSONObject, against parameters: JSONValue, of plugin: String) throws {
        let verdict: JSONSchema.Verdict
        do {
            verdict = try JSONSchema(parameters, checksFormats: false).verdict(on: .object(arguments))
        } catch {
            throw APIError.invalid("The parameters of '\(plugin)' are no JSON Schema: \(error).")
        }
        switch verdict {
        case .fits: break
        case .differs(let problems):
            throw APIError.invalid("The arguments do not fit '\(plugin)': \(problems.joined(separator: "; ")).")
        case .unknown(let reason):
            throw APIError.invalid("Whether the arguments fit '\(plugin)' cannot be told: \(reason).")
        }
    }

    private static func function(_ name: String, of assistant: JSONObject) -> JSONObject? {
        (assistant["tools"]?.array ?? []).compactMap { $0["function"]?.object }.first { $0["name"]?.string == name }
    }

    /// The three query parameters.
    private struct Identifiers {
        let thread: String
        let assistant: String
        let plugin: String

        init(_ request: Request) throws {
            func require(_ name: String) throws -> String {
                guard let value = request.query(name), !value.isEmpty else {
                    throw APIError.invalid("Missing required parameter: '\(name)'.", parameter: name)
                }
                return value
            }
            thread = try require("tid")
            assistant = try require("aid")
            plugin = try require("pid")
        }
    }
}

/// What a plugin answers that nobody configured: made-up search results in the words of the question.
enum SampleResults {
    static func answer(plugin: String, arguments: JSONObject) -> String {
        let query = firstText(in: .object(arguments)) ?? plugin
        let wanted = count(arguments)
        let results = (1...wanted).map { number -> JSONValue in
            [
                "title": "Result \(number) for \(query)",
                "snippet": "A made-up answer of the local server about: \(query)",
                "url": "https://example.com/\(plugin.lowercased())/\(number)",
            ]
        }
        return JSONValue.object(["results": .array(results)]).text()
    }

    /// The text that is most likely the question: the member `q` or `query`, else the first string.
    private static func firstText(in value: JSONValue) -> String? {
        if let text = value.string { return text }
        for name in ["q", "query", "question", "text", "input"] {
            if let inner = value[name], let text = firstText(in: inner) { return text }
        }
        return value.object?.lazy.compactMap { firstText(in: $0.value) }.first
    }

    private static func count(_ arguments: JSONObject) -> Int {
        let wanted = arguments["topk"]?.int ?? arguments["topk"]?.string.flatMap { Int($0) } ?? 3
        return min(max(wanted, 1), 5)
    }
}
