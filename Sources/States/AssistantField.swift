package import JSONModel

/// The fields of an assistant that a spec may set and a plan compares. Protocol reference, section 4.
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
        }
    }

    /// What the server assumes when the field is not sent, and what is sent to reset it.
    package var defaultValue: JSONValue {
        switch self {
        case .name, .description, .model, .instructions: .null
        case .tools: []
        case .toolResources, .metadata: [:]
        case .temperature, .topP: 1
        case .responseFormat: "auto"
        case .reasoningEffort: "medium"
        }
    }

    /// False for the one field that the protocol takes but never returns.
    package var isEchoed: Bool {
        self != .reasoningEffort
    }

    package static func < (left: AssistantField, right: AssistantField) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}
