package import JSONModel

/// The fields of an assistant that a spec may set and a plan compares. docs/protocol.md#assistants.
package enum AssistantField: String, CaseIterable, Sendable, Comparable {
    case name
    case description
    case model
    case instructions
    case tools
    case toolResources = "tool_resources"
    case metadata
    case temperature
    case topP = "top_p"
    case responseFormat = "response_format"
    case reasoningEffort = "reasoning_effort"
    /// Fields that the protocol does not have and some server does, by name. They stand beside the others on the wire.
    case extra

    /// The letter that stands for the field in the `muster.applied` mark, which must stay short. Never reuse one.
    package var markLetter: Character {
        switch self {
        case .name: "n"
        case .description: "d"
        case .model: "m"
        case .instructions: "i"
        case .tools: "t"
        case .toolResources: "r"
        case .metadata: "x"
        case .temperature: "c"
        case .topP: "p"
        case .responseFormat: "f"
        case .reasoningEffort: "e"
        case .extra: "z"
        }
    }

    /// What the server assumes when the field is not sent, and what is sent to reset it.
    package var defaultValue: JSONValue {
        switch self {
        case .name, .description, .model, .instructions: .null
        case .tools: []
        case .toolResources, .metadata, .extra: [:]
        case .temperature, .topP: 1
        case .responseFormat: "auto"
        case .reasoningEffort: "medium"
        }
    }

    /// False for the one field that the protocol takes but never returns.
    package var isEchoed: Bool {
        self != .reasoningEffort
    }

    /// The members of an assistant that a spec sets by a key of their own, or that only the server sets.
    package static let reservedNames = Set(allCases.map(\.rawValue)).union(["id", "object", "created_at"])

    /// The part of what a server returned that a spec can be compared with: of further fields, those that the spec names.
    ///
    /// - Parameters:
    ///   - observed: as it was returned; nil where the answer lacks the field.
    ///   - desired: what the spec says.
    /// - Returns: the value to compare.
    package func comparable(_ observed: JSONValue?, to desired: JSONValue?) -> JSONValue? {
        guard self == .extra, let members = observed?.object else { return observed }
        let names = desired?.object ?? [:]
        return .object(members.filter { names[$0.key] != nil })
    }

    /// Puts a value where it stands on the wire.
    ///
    /// - Parameters:
    ///   - value: of this field; nil where nothing is sent.
    ///   - body: of the request.
    package func write(_ value: JSONValue?, into body: inout JSONObject) {
        guard self == .extra else { return body[rawValue] = value }
        for (name, member) in value?.object ?? [:] where !Self.reservedNames.contains(name) { body[name] = member }
    }

    /// Reads a value from where it stands on the wire.
    ///
    /// - Parameters:
    ///   - json: the assistant.
    ///   - names: of further fields that somebody's spec names; all others are the server's own business.
    /// - Returns: nil where the answer lacks the field.
    package func value(in json: JSONValue, further names: Set<String>) -> JSONValue? {
        guard self == .extra else { return json[rawValue] }
        let found = names.sorted().compactMap { name in json[name].map { (key: name, value: $0) } }
        return found.isEmpty ? nil : .object(JSONObject(found))
    }

    package static func < (left: AssistantField, right: AssistantField) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}
