import AssistantsAPI
package import TextSafety

/// A real model: any server of the chat-completions protocol.
package struct Upstream: Sendable {
    /// The base, such as `http://127.0.0.1:9931/v1`; `/chat/completions` is added.
    package var baseURL: String
    /// The model to ask for; nil passes on the run's.
    package var model: String?
    /// The bearer key, if the server wants one. It goes over plain http to this machine only.
    package var key: Secret?

    package init(baseURL: String, model: String? = nil, key: Secret? = nil) {
        self.baseURL = baseURL
        self.model = model
        self.key = key
    }

    /// Why the server cannot be used, as half a sentence; nil when it can.
    var problem: String? {
        guard let address = ServerAddress(baseURL) else { return "it is not an http or https address" }
        if key != nil, !address.isSafe {
            return "the key would travel unencrypted: use https, or a server on this machine"
        }
        return nil
    }
}
