package import EmulatorCore

/// How a local server is started: where it listens, where it keeps its objects, and how it behaves.
package struct EmulatorConfiguration: Sendable {
    /// Where objects are kept.
    package enum Store: Equatable, Sendable {
        /// Gone when the server stops.
        case memory
        /// An SQLite file, made when missing. Several servers may share it, as commands that run at the same time do.
        case file(String)
    }

    /// The address to bind. Other than loopback, it needs a ``key``.
    package var host = "127.0.0.1"
    /// The TCP port; 0 lets the system choose a free one.
    package var port = 0
    package var store = Store.memory
    package var flavor = Flavor.openai
    /// The bearer key that requests must carry; nil accepts any, or none, on loopback.
    package var key: String?
    /// Whether a line per request is handed to ``writeAccessLog``.
    package var accessLog = false
    /// Takes the lines of the access log; the default writes them to standard error.
    package var writeAccessLog: @Sendable (String) -> Void = standardErrorLine
    /// Takes what the one who started the server should know, a sentence each.
    package var writeNotice: @Sendable (String) -> Void = standardErrorLine
    /// How long a run may take, waiting for tool outputs included, before it expires. docs/protocol.md#runs.
    package var runLifetime: Duration = .seconds(600)
    /// A real model to answer instead of the deterministic one.
    package var upstream: Upstream?
    /// What the deterministic model answers to certain words.
    package var rules = ModelRules()
    /// How the server misbehaves, if at all.
    package var faults = FaultPlan()
    /// What `/pluginapi` answers.
    package var plugins = PluginTable()

    package init() {}
}

/// Why a local server could not be started.
package enum EmulatorStartError: Error, Equatable, CustomStringConvertible {
    /// The address can be reached from elsewhere, and there is no key.
    case keyRequired(host: String)
    /// The key is an empty text, which everybody has.
    case emptyKey
    /// The server that is to answer cannot be used.
    case upstreamUnusable(address: String, reason: String)
    /// Another server has the storage file open.
    case storeInUse(path: String)
    /// The storage file was written by a later version, or is no storage of ours.
    case storeUnusable(path: String, reason: String)
    /// The address could not be bound.
    case cannotListen(host: String, port: Int, reason: String)

    package var description: String {
        switch self {
        case .keyRequired(let host):
            "a server on \(host) can be reached from other machines and needs a key"
        case .emptyKey: "the key is empty, which is no key"
        case .upstreamUnusable(let address, let reason): "the upstream server \(address) cannot be used: \(reason)"
        case .storeInUse(let path):
            "\(path) is in use by another local server; stop it or choose another file"
        case .storeUnusable(let path, let reason):
            "\(path) cannot be used as storage: \(reason)"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason)"
        }
    }
}
