import Diagnostics
import Foundation
import YAMLSyntax

/// The way to an environment's server: through which proxy, trusting whom, shown as whom. `muster.yaml` wins over what the
/// variables of the machine say. docs/design.md, "Environments".
package struct NetworkSpec: Hashable, Sendable {
    package enum Proxy: Hashable, Sendable {
        /// What `HTTPS_PROXY` and its kind say.
        case ofVariables
        case none
        /// An address, perhaps with user and password.
        case server(String)
    }

    /// A file in PEM (RFC 7468).
    package enum PEM: Hashable, Sendable {
        /// A file of the project, read with it, so that a proposal cannot change what a trusted revision says.
        case contents([UInt8], path: String)
        /// A file of this machine, read when the server is talked to.
        case file(String)
    }

    /// Who we are, for servers that ask for a certificate.
    package struct ClientCertificate: Hashable, Sendable {
        package let certificate: PEM
        package let key: PEM
    }

    package var proxy = Proxy.ofVariables
    /// Whose certificates are trusted, instead of the machine's authorities.
    package var authorities: PEM?
    package var certificate: ClientCertificate?

    package init() {}

    static let keys = ["proxy", "ca_file", "client_certificate", "client_key"]

    init(_ reader: ObjectReader) {
        proxy = reader["proxy"].flatMap { Self.proxy($0, in: reader.context) } ?? .ofVariables
        authorities = Self.pem("ca_file", reader)
        switch (Self.pem("client_certificate", reader), Self.pem("client_key", reader)) {
        case (let certificate?, let key?): self.certificate = ClientCertificate(certificate: certificate, key: key)
        case (nil, nil): break
        case (let certificate, _):
            let (there, missing) =
                certificate == nil ? ("client_key", "client_certificate") : ("client_certificate", "client_key")
            reader.context.emit(
                .missingKey, "\"\(there)\" is of no use without \"\(missing)\"", at: reader.range(of: there))
        }
    }

    private static func proxy(_ node: YAMLNode, in context: LoadingContext) -> Proxy? {
        guard node["server"] != nil else {
            guard let text = context.string(node, "proxy") else { return nil }
            if text.value == "none" { return Proxy.none }
            guard node.pairs != nil || !text.value.contains("@") else {
                context.emit(
                    .keyInFile, "the address of the proxy holds a user name or password", at: node.range,
                    help: "write {server: …, user: {env: NAME}, password: {env: NAME}}")
                return nil
            }
            return server(text, user: nil, password: nil, at: node.range, in: context)
        }
        guard let reader = ObjectReader(node, "proxy", keys: ["server", "user", "password"], in: context),
            let text = reader["server"].flatMap({ context.string($0, "server") })
        else { return nil }
        let user = reader["user"].flatMap { context.string($0, "user") }
        if let password = reader["password"], password.pairs == nil {
            context.emit(
                .keyInFile, "a password may not be written into a file that is committed", at: password.range,
                help: "write {env: NAME}")
            return nil
        }
        let password = reader["password"].flatMap { context.string($0, "password") }
        if let password, !password.isUnknown { context.noteSecret(password.value) }
        return server(text, user: user?.value, password: password?.value, at: node.range, in: context)
    }

    private static func server(
        _ text: ResolvedString, user: String?, password: String?, at range: SourceRange, in context: LoadingContext
    ) -> Proxy? {
        let address = text.value.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.isUnknown { return .server(address) }
        let withScheme = address.contains("://") ? address : "http://\(address)"
        guard var parts = URLComponents(string: withScheme), parts.scheme == "http", parts.host?.isEmpty == false else {
            context.emit(
                .badAddress, "\"proxy\" is not the address of a proxy that Muster can use", at: range,
                help: "write it like http://proxy.example:3128, or none")
            return nil
        }
        if let user { parts.user = user }
        if let password { parts.password = password }
        return parts.string.map(Proxy.server)
    }

    private static func pem(_ key: String, _ reader: ObjectReader) -> PEM? {
        let context = reader.context
        guard let path = reader.string(key) else { return nil }
        guard !path.value.hasPrefix("/"), !path.value.hasPrefix("~") else {
            return .file(LoadingContext.expandingHome(path.value))
        }
        guard key != "client_key" else {
            context.emit(
                .keyInFile, "a private key may not be in the repository", at: path.range,
                help: "name a file outside of it, such as ~/.config/muster/client-key.pem")
            return nil
        }
        return context.contents(of: path.value, at: path.range, limit: 4 << 20).map {
            .contents($0, path: path.value)
        }
    }
}
