import HTTPTypes

/// Header fields of the protocol that the standard does not know. docs/protocol.md#errors and #undocumented.
extension HTTPField.Name {
    static let openaiPollAfter = wellFormed("openai-poll-after-ms")
    static let openaiProcessing = wellFormed("openai-processing-ms")
    static let apiKey = wellFormed("api-key")
    static let secFetchSite = wellFormed("sec-fetch-site")
    static let requestID = wellFormed("x-request-id")
    static let retryAfterMilliseconds = wellFormed("retry-after-ms")
    static let shouldRetry = wellFormed("x-should-retry")

    /// A name known to be well formed; one that were not would become the harmless `x-unnamed`.
    private static func wellFormed(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .xContentTypeOptions
    }
}
