package import Diagnostics
import Foundation
package import States
package import YAMLSyntax

/// One server: its address, credentials and overrides. Design, section 2.
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
        overrides = nil
        isProtected = false
        uploadsImages = false
        namespace = name
        traits = ServerTraits()
        paging = .oldestFirst
    }

    static let keys = [
        "base_url", "api_key", "auth_header", "headers", "overrides", "protected", "namespace", "images", "identity",
        "missing_operations", "paging",
    ]

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
                "needs-identity-file", "without these operations marks on the server cannot tell what is the project's",
                at: reader.range(of: "missing_operations"), help: "add identity: file")
        }
        return traits
    }

    static func keySource(_ node: YAMLNode, in context: LoadingContext) -> KeySource? {
        guard node.pairs != nil else {
            context.emit(
                "key-in-file", "a key may not be written into a file that is committed", at: node.range,
                help: "write {env: NAME}, {file: PATH} or {command: [program, argument]}")
            return nil
        }
        guard let reader = ObjectReader(node, "api_key", keys: ["env", "file", "command"], in: context) else {
            return nil
        }
        if let variable = reader.string("env") { return .variable(variable) }
        if let file = reader.string("file") { return .file(Located(Self.keyFile(file, in: context), at: file.range)) }
        let command = reader.strings("command").map(\.value)
        if !command.isEmpty { return .command(command, node.range) }
        context.emit("missing-key", "api_key needs env, file or command", at: node.range)
        return nil
    }

    /// A key may lie anywhere: `~` is the home folder, other paths are relative to the file that names them.
    private static func keyFile(_ file: Located<String>, in context: LoadingContext) -> String {
        if file.value.hasPrefix("~/") {
            return NSHomeDirectory() + file.value.dropFirst(1)
        }
        return context.resolved(file.value, at: file.range)
    }

    /// Headers that say who sends a request (RFC 9110, section 11; vendors' own).
    private static let sensitiveHeaders: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "api-key", "x-api-key", "x-auth-token", "x-access-token",
    ]

    static func isSensitive(header name: String) -> Bool {
        sensitiveHeaders.contains(name.lowercased())
    }

    private static func headers(_ reader: ObjectReader) -> [(name: String, value: String)] {
        guard let node = reader["headers"] else { return [] }
        guard let pairs = node.pairs else {
            reader.context.emit("wrong-type", "\"headers\" must be a map, not \(node.kindName)", at: node.range)
            return []
        }
        return pairs.compactMap { pair in
            let isSafe = { (text: String) in !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
            let isSensitive = isSensitive(header: pair.name)
            guard !isSensitive || pair.value.pairs != nil else {
                reader.context.emit(
                    "key-in-file",
                    "the header \"\(pair.name)\" carries a key, which may not be written into a file that is committed",
                    at: pair.value.range, help: "write {env: NAME, secret: true}, or use api_key")
                return nil
            }
            guard let resolved = reader.context.string(pair.value, pair.name) else { return nil }
            let value = resolved.value.trimmingCharacters(in: .newlines)
            if isSensitive, !resolved.isUnknown {
                reader.context.noteSecret(value)
                // "Bearer sk-…": a server may show the key without its scheme.
                if let space = value.firstIndex(of: " ") {
                    reader.context.noteSecret(String(value[space...].dropFirst()))
                }
            }
            guard isSafe(pair.name), isSafe(value), !pair.name.contains(":") else {
                reader.context.emit(
                    "bad-header", "a header may not hold line breaks or control characters", at: pair.nameRange)
                return nil
            }
            return (pair.name, value)
        }
    }

    static func check(_ address: ResolvedString, in context: LoadingContext) {
        guard !address.isUnknown else { return }
        let address = Located(address.value.trimmingCharacters(in: .whitespacesAndNewlines), at: address.located.range)
        guard let url = URL(string: address.value), let scheme = url.scheme, let host = url.host(), !host.isEmpty,
            scheme == "https" || scheme == "http"
        else {
            context.emit(
                "bad-address", "\"\(address.value)\" is not an address", at: address.range,
                help: "write it like https://prod.dvcbot.net/api/assts/v1")
            return
        }
        let isLoopback = Loopback.isName(host)
        if scheme == "http", !isLoopback {
            context.emit(
                "insecure-address", "plain http would send the key unencrypted to \(host)", at: address.range,
                help: "use https; http is allowed to this machine only")
        }
        if url.query() != nil {
            context.emit(
                "bad-address", "the address has a query, which would not be sent", at: address.range,
                help: "write the address without what begins with the question mark")
        }
        if url.user() != nil || url.password() != nil {
            context.emit(
                "key-in-file", "the address holds a user name or password", at: address.range,
                help: "use api_key with {env: NAME}")
        }
    }
}
