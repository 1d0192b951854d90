package import Diagnostics
import Foundation
package import States
package import YAMLSyntax

/// One server: its address, credentials and overrides. docs/design.md#files.
package struct EnvironmentSpec: Sendable {
    /// Where the key comes from; it is read only when the server is talked to.
    package enum KeySource: Sendable {
        case variable(Located<String>)
        case file(Located<String>)
        case command([String], SourceRange)

        /// Where it is, in words that two revisions can be compared by.
        var place: String {
            switch self {
            case .variable(let name): "variable \(name.value)"
            case .file(let path): "file \(path.value)"
            case .command(let command, _): "command \(command)"
            }
        }
    }

    package let name: String
    /// Nil for `local`, whose server is embedded.
    package let baseURL: Located<String>?
    package let apiKey: KeySource?
    /// The header that carries the key when it is not `Authorization: Bearer`.
    package let authHeader: String?
    package let headers: [(name: String, value: String)]
    /// Parameters of every request, such as a version of the interface, in the order of the file.
    package let query: [(name: String, value: String)]
    /// The way to the server.
    package let network: NetworkSpec
    /// Which differences of the protocol its server has.
    package let dialect: Dialect
    package let overrides: YAMLNode?
    package let isProtected: Bool
    /// Pictures of tests and questions are uploaded and named by id, rather than sent inside of the message.
    package let uploadsImages: Bool
    /// The second part of the owner mark.
    package let namespace: String
    /// Where identity is kept and what the server cannot do: `identity`, `missing_operations`.
    package let traits: ServerTraits
    /// How its list is read.
    package let paging: Paging

    /// `dialect:`: a documented set of differences. What each means for requests says the client.
    package enum Dialect: String, CaseIterable, Sendable {
        case openai
        case davinci
        /// Azure AI Foundry's classic agents.
        case foundry
        /// Alibaba Cloud Model Studio.
        case dashscope
    }

    /// `paging:`: what a server can be trusted with.
    package enum Paging: String, CaseIterable, Sendable {
        case oldestFirst = "oldest_first"
        /// It sorts correctly in both directions.
        case bothEnds = "both_ends"
        /// It always sends everything at once.
        case onePage = "one_page"
    }

    /// How another revision of the project reaches the same environment otherwise: names of settings, never their values,
    /// because either may hold what a variable says.
    ///
    /// - Parameter other: the environment there.
    /// - Returns: the names, in the order of the file.
    package func differences(from other: EnvironmentSpec) -> [String] {
        var names: [String] = []
        if baseURL?.value != other.baseURL?.value { names.append("base_url") }
        if "\(apiKey?.place ?? "none")" != "\(other.apiKey?.place ?? "none")" { names.append("api_key") }
        if authHeader != other.authHeader { names.append("auth_header") }
        if headers.map({ [$0.name, $0.value] }) != other.headers.map({ [$0.name, $0.value] }) {
            names.append("headers")
        }
        if query.map({ [$0.name, $0.value] }) != other.query.map({ [$0.name, $0.value] }) { names.append("query") }
        if network.proxy != other.network.proxy { names.append("proxy") }
        if network.authorities != other.network.authorities { names.append("ca_file") }
        if network.certificate != other.network.certificate { names.append("client_certificate") }
        if dialect != other.dialect { names.append("dialect") }
        if namespace != other.namespace { names.append("namespace") }
        if traits != other.traits || paging != other.paging { names.append("identity, missing_operations or paging") }
        if isProtected != other.isProtected { names.append("protected") }
        return names
    }

    /// The built-in environment.
    package static let local = EnvironmentSpec(name: ProjectFile.localEnvironment)

    /// An environment that no file mentions, from `--base-url`. Its key, if any, is in `MUSTER_API_KEY`.
    package static func adHoc(baseURL: String, hasKey: Bool) -> EnvironmentSpec {
        let place = SourceRange.beginning(of: "--base-url")
        let key = KeySource.variable(Located(adHocKeyVariable, at: place))
        return EnvironmentSpec(name: "ad-hoc", baseURL: Located(baseURL, at: place), apiKey: hasKey ? key : nil)
    }

    /// Where the key of an ad-hoc environment is.
    package static let adHocKeyVariable = "MUSTER_API_KEY"

    private init(name: String, baseURL: Located<String>? = nil, apiKey: KeySource? = nil) {
        self.name = name
        self.baseURL = baseURL
        self.apiKey = apiKey
        authHeader = nil
        headers = []
        query = []
        network = NetworkSpec()
        dialect = .davinci
        overrides = nil
        isProtected = false
        uploadsImages = false
        namespace = name
        traits = ServerTraits()
        paging = .oldestFirst
    }

    static let keys =
        [
            "base_url", "api_key", "auth_header", "headers", "overrides", "protected", "namespace", "images",
            "identity",
            "missing_operations", "paging", "query", "dialect",
        ] + NetworkSpec.keys

    init?(_ pair: YAMLPair, in context: LoadingContext) {
        name = pair.name
        ProjectFile.checkName(Located(pair.name, at: pair.nameRange), "environment", in: context)
        let isLocal = pair.name == ProjectFile.localEnvironment
        // `local:` alone is the built-in environment, written down.
        let settings = isLocal && pair.value.isNull ? YAMLNode(.mapping([]), at: pair.value.range) : pair.value
        guard let reader = ObjectReader(settings, "an environment", keys: Self.keys, in: context) else { return nil }
        let written = isLocal ? reader["base_url"] : reader.required("base_url")
        let address = written.flatMap { context.string($0, "base_url") }
        // A variable of a CI system may end in a line break.
        baseURL = address.map {
            Located($0.value.trimmingCharacters(in: .whitespacesAndNewlines), at: $0.located.range)
        }
        apiKey = reader["api_key"].flatMap { Self.keySource($0, in: context) }
        authHeader = reader.string("auth_header")?.value
        headers = Self.headers(reader)
        query = Self.query(reader)
        network = NetworkSpec(reader)
        let dialects = Dialect.allCases.map(\.rawValue)
        let dialect = reader["dialect"].flatMap { context.word($0, "dialect", of: dialects) }
        self.dialect = dialect.flatMap(Dialect.init) ?? .davinci
        overrides = reader["overrides"]
        isProtected = reader.bool("protected") ?? false
        let images = reader["images"].flatMap { context.word($0, "images", of: ["inline", "upload"]) }
        uploadsImages = images == "upload"
        let namespace = reader.string("namespace")
        if let namespace { ProjectFile.checkName(namespace, "namespace", in: context) }
        self.namespace = namespace?.value ?? pair.name
        traits = Self.traits(reader)
        let pagings = Paging.allCases.map(\.rawValue)
        let paging = reader["paging"].flatMap { context.word($0, "paging", of: pagings) }
        self.paging = paging.flatMap(Paging.init) ?? .oldestFirst
        if let address { Self.check(address, in: context) }
    }

    private static func traits(_ reader: ObjectReader) -> ServerTraits {
        var traits = ServerTraits()
        let identities = ServerTraits.Identity.allCases.map(\.rawValue)
        let identity = reader["identity"].flatMap { reader.context.word($0, "identity", of: identities) }
        traits.identity = identity.flatMap(ServerTraits.Identity.init) ?? .marks
        let operations = ServerTraits.Operation.allCases.map(\.rawValue)
        for item in reader.list("missing_operations") ?? [] {
            let word = reader.context.word(item, "missing_operations", of: operations)
            if let operation = word.flatMap(ServerTraits.Operation.init) { traits.missing.insert(operation) }
        }
        guard traits.identity == .marks else { return traits }
        // Marks are found by listing, and an outdated assistant must be updated or deleted to lose them.
        if !traits.has(.list) || (!traits.has(.update) && !traits.has(.delete)) {
            reader.context.emit(
                .needsIdentityFile, "without these operations marks on the server cannot tell what is the project's",
                at: reader.range(of: "missing_operations"), help: "add identity: file")
        }
        return traits
    }

    static func keySource(_ node: YAMLNode, in context: LoadingContext) -> KeySource? {
        guard node.pairs != nil else {
            context.emit(
                .keyInFile, "a key may not be written into a file that is committed", at: node.range,
                help: "write {env: NAME}, {file: PATH} or {command: [program, argument]}")
            return nil
        }
        guard let reader = ObjectReader(node, "api_key", keys: ["env", "file", "command"], in: context) else {
            return nil
        }
        if let variable = reader.string("env") { return .variable(variable) }
        if let file = reader.string("file") { return .file(Located(Self.keyFile(file, in: context), at: file.range)) }
        let command = reader.strings("command").map(\.value)
        if !command.isEmpty { return .command(context.program(command, at: node.range), node.range) }
        context.emit(.missingKey, "api_key needs env, file or command", at: node.range)
        return nil
    }

    /// A key may lie anywhere: `~` is the home folder, other paths are relative to the file that names them.
    private static func keyFile(_ file: Located<String>, in context: LoadingContext) -> String {
        context.resolved(LoadingContext.expandingHome(file.value), at: file.range)
    }

    static func check(_ address: ResolvedString, in context: LoadingContext) {
        guard !address.isUnknown else { return }
        let address = Located(address.value.trimmingCharacters(in: .whitespacesAndNewlines), at: address.located.range)
        guard let url = URL(string: address.value), let scheme = url.scheme, let host = url.host(), !host.isEmpty,
            scheme == "https" || scheme == "http"
        else {
            context.emit(
                .badAddress, "\"\(address.value)\" is not an address", at: address.range,
                help: "write it like https://prod.dvcbot.net/api/assts/v1")
            return
        }
        let isLoopback = Loopback.isName(host)
        if scheme == "http", !isLoopback {
            context.emit(
                .insecureAddress, "plain http would send the key unencrypted to \(host)", at: address.range,
                help: "use https; http is allowed to this machine only")
        }
        if url.query() != nil {
            context.emit(
                .badAddress, "the address has a query, which would not be sent", at: address.range,
                help: "write what follows the question mark as query: {NAME: VALUE}")
        }
        if url.user() != nil || url.password() != nil {
            context.emit(
                .keyInFile, "the address holds a user name or password", at: address.range,
                help: "use api_key with {env: NAME}")
        }
    }
}
