/// Words and bounds of the Assistants v2 protocol that its client and its server share.
package enum AssistantsProtocol {
    /// The header without which OpenAI refused the beta endpoints.
    package static let betaHeader = (name: "OpenAI-Beta", value: "assistants=v2")
    /// Objects on a page when the request does not say. docs/protocol.md#lists.
    package static let defaultPageSize = 20
    /// The most objects that a page may hold.
    package static let maximumPageSize = 100
    /// The most calls of functions that one answer of a model may hold, and so the most outputs of a submission.
    package static let maximumCalls = 128
    /// How much of a plugin's answer is handed to the model, in Unicode scalars. docs/protocol.md#davinci.
    package static let pluginOutputLimit = 8_000
    /// Where a DaVinci server runs a platform-hosted plugin.
    package static let pluginPath = "pluginapi"
}
