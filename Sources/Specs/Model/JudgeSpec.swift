import Diagnostics
package import JSONModel
import YAMLSyntax

/// Who judges what only a model can judge: `judge:` in `muster.yaml`.
///
/// Either any server of the chat-completions protocol, or another assistant of the project.
package struct JudgeSpec: Sendable {
    package enum Source: Sendable {
        /// A server with its key, and the names of its models; `embeddings` is for `similar`.
        case endpoint(
            address: Located<String>, key: EnvironmentSpec.KeySource?, keyHeader: String?, model: String?,
            embeddings: String?)
        /// An assistant of the project, by its key.
        case assistant(Located<String>)
    }

    package let source: Source
    /// How often the judge is asked; the majority decides.
    package let votes: Int
    /// Further fields of its requests, such as `max_tokens`; null takes one away that is sent otherwise.
    package let options: JSONObject

    static let keys = [
        "base_url", "api_key", "auth_header", "model", "embedding_model", "assistant", "votes", "options",
    ]

    init?(_ node: YAMLNode, in context: LoadingContext) {
        guard let reader = ObjectReader(node, "the judge", keys: Self.keys, in: context) else { return nil }
        votes = reader.integer("votes", in: 1...15) ?? 1
        options = reader["options"].flatMap { context.json($0, "options")?.object } ?? [:]
        if let assistant = reader.string("assistant") {
            source = .assistant(assistant)
            if let address = reader["base_url"] {
                context.emit(.oneOf, "the judge is either an assistant or a server, not both", at: address.range)
            }
            return
        }
        guard let written = reader.required("base_url").flatMap({ context.string($0, "base_url") }) else { return nil }
        EnvironmentSpec.check(written, in: context)
        let address = written.located
        let models = (reader.string("model")?.value, reader.string("embedding_model")?.value)
        if models == (nil, nil) { _ = reader.required("model") }
        source = .endpoint(
            address: address, key: reader["api_key"].flatMap { EnvironmentSpec.keySource($0, in: context) },
            keyHeader: reader.string("auth_header")?.value, model: models.0, embeddings: models.1)
    }
}

/// What a model's tokens cost, in US dollars for a million of them: `prices:` in `muster.yaml`.
package struct TokenPrice: Equatable, Sendable {
    package let prompt: Double
    package let completion: Double

    package init(prompt: Double, completion: Double) {
        self.prompt = prompt
        self.completion = completion
    }

    /// Reads the map of models.
    static func all(_ reader: ObjectReader) -> [String: TokenPrice] {
        guard let node = reader["prices"] else { return [:] }
        let context = reader.context
        guard let pairs = node.pairs else {
            context.emit(.wrongType, "\"prices\" must be a map of models, not \(node.kindName)", at: node.range)
            return [:]
        }
        var prices: [String: TokenPrice] = [:]
        for pair in pairs {
            guard let map = ObjectReader(pair.value, "a price", keys: ["prompt", "completion"], in: context) else {
                continue
            }
            let dollars = ["prompt", "completion"].map { key in
                map.required(key).flatMap { context.number($0, key, in: 0...1_000_000)?.double }
            }
            if let prompt = dollars[0], let completion = dollars[1] {
                prices[pair.name] = TokenPrice(prompt: prompt, completion: completion)
            }
        }
        return prices
    }
}
