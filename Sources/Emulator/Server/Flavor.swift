import EmulatorCore
import HTTPTypes
import JSONModel

extension EmulatorConfiguration {
    /// Whose habits the server follows where the known services differ. What each rests on is in docs/dialects.md.
    package enum Flavor: String, CaseIterable, Sendable {
        /// OpenAI: `asst_…` ids, the error envelope on every refusal.
        case openai
        /// DaVinci: `asst_dvc_…` ids and `{"msg":…}` on 401. docs/protocol.md#davinci.
        case davinci
        /// Azure AI Foundry's classic agents: `api-version` on every request, tools of many types.
        case foundry
        /// Alibaba Cloud Model Studio: UUIDs, times in milliseconds, `request_id` in every answer, plugins as tools.
        case dashscope
    }
}

extension EmulatorConfiguration.Flavor {
    /// Where the service's paths begin.
    var prefix: String {
        switch self {
        case .openai: "v1"
        case .davinci: "api/assts/v1"
        case .foundry: "api/projects/local"
        case .dashscope: "api/v1"
        }
    }

    /// Whether tools, their resources and fields that the protocol does not have are kept as they come.
    var takesForeignParts: Bool {
        switch self {
        case .openai, .davinci: false
        case .foundry, .dashscope: true
        }
    }

    /// Refuses what the service would refuse before it looks at the path.
    ///
    /// - Parameter version: of the query.
    /// - Throws: ``APIError`` in the service's words.
    func check(version: String?) throws(APIError) {
        guard self == .foundry else { return }
        guard let version, !version.isEmpty else {
            throw APIError(
                status: .badRequest,
                message: "The api-version query parameter (?api-version=) is required for all requests.",
                code: "MissingApiVersionParameter")
        }
        guard ["v1", "2025-05-01", "2025-05-15-preview"].contains(version) else {
            throw APIError(
                status: .badRequest,
                message: "The HTTP resource that matches the request URI does not support the API version "
                    + "'\(version.prefix(64))'.", code: "UnsupportedApiVersion")
        }
    }

    /// What the service shows of an object that is stored in the protocol's own form.
    func shown(_ object: JSONObject, requestID: String) -> JSONObject {
        guard self == .dashscope else { return object }
        var shown = object
        if let items = object["data"]?.array {
            shown["data"] = .array(items.map { $0.object.map { .object(Self.inMilliseconds($0)) } ?? $0 })
        } else {
            shown = Self.inMilliseconds(object)
        }
        shown["request_id"] = .string(requestID)
        return shown
    }

    private static func inMilliseconds(_ object: JSONObject) -> JSONObject {
        var shown = object
        for (name, value) in object where name.hasSuffix("_at") {
            if let seconds = value.int { shown[name] = .integer(seconds &* 1_000) }
        }
        return shown
    }
}

/// The part of a request that the protocol knows, and the part that only some dialect does.
struct ForeignParts {
    /// What is checked against the protocol's shapes.
    let checked: JSONObject
    private let whole: JSONObject

    private static let knownTools = ["function", "code_interpreter", "file_search"]
    private static let knownResources = ["code_interpreter", "file_search"]

    /// - Parameters:
    ///   - body: of the request.
    ///   - shape: whose members the protocol knows.
    init(_ body: JSONObject, _ shape: ObjectShape) {
        whole = body
        var checked = body.filter { shape.members[$0.key] != nil }
        if let tools = body["tools"]?.array {
            checked["tools"] = .array(tools.filter { Self.knownTools.contains($0["type"]?.string ?? "function") })
        }
        if let resources = body["tool_resources"]?.object {
            checked["tool_resources"] = .object(resources.filter { Self.knownResources.contains($0.key) })
        }
        self.checked = checked
    }

    /// The checked part with everything else where it stood.
    func joined(_ checked: JSONObject) -> JSONObject {
        var result = whole.filter { checked[$0.key] != nil || self.checked[$0.key] == nil }
        for (name, value) in checked { result[name] = value }
        if let tools = whole["tools"]?.array {
            var known = (checked["tools"]?.array ?? [])[...]
            result["tools"] = .array(
                tools.map { Self.knownTools.contains($0["type"]?.string ?? "function") ? known.popFirst() ?? $0 : $0 })
        }
        if var resources = whole["tool_resources"]?.object {
            for (kind, value) in checked["tool_resources"]?.object ?? [:] { resources[kind] = value }
            result["tool_resources"] = .object(resources)
        }
        return result
    }
}
