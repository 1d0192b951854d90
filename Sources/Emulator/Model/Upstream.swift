/// A real model: any server of the chat-completions protocol.
package struct Upstream: Sendable {
    /// The base, such as `http://127.0.0.1:9931/v1`; `/chat/completions` is added.
    package var baseURL: String
    /// The model to ask for; nil passes on the run's.
    package var model: String?
    /// The bearer key, if the server wants one.
    package var key: String?

    package init(baseURL: String, model: String? = nil, key: String? = nil) {
        self.baseURL = baseURL
        self.model = model
        self.key = key
    }
}
