package import AssistantsAPI
import Foundation

/// What the environment says about the network: the way out of it, and whose certificates are trusted.
///
/// The variables are those of curl, Go and Python: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` (the same in lower case come
/// first, as with curl), `SSL_CERT_FILE` and `SSL_CERT_DIR`. `HTTP_PROXY` has no meaning here: plain http is spoken to this machine only,
/// and nothing on this machine is asked for by way of a proxy.
package struct NetworkSettings: Equatable, Sendable {
    /// A program that carries connections on, by `CONNECT` (RFC 9110, section 9.3.6).
    package struct Proxy: Equatable, Sendable {
        package let host: String
        package let port: Int
        /// Never shown.
        package let user: User?

        /// Host and port, as people know it.
        package var name: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    package struct User: Equatable, Sendable {
        package let name: String
        package let password: String
    }

    package var proxy: Proxy?
    /// Who is spoken to without the proxy.
    package var exceptions: [ProxyException] = []
    /// Whose certificates are trusted.
    package var authorities = Authorities.ofMachine
    /// Who we are, for servers that ask.
    package var certificate: ClientCertificate?

    package enum Authorities: Equatable, Sendable {
        case ofMachine
        /// What `SSL_CERT_FILE` and `SSL_CERT_DIR` name: a file of certificates in PEM, nil for the machine's own; and
        /// folders of such files whose certificates are trusted, too (SSL_CTX_set_default_verify_paths(3)).
        case places(file: String?, folders: [String])
        /// The contents of such a file, by the name that a person knows.
        case certificates([UInt8], name: String)
    }

    /// A certificate and its private key, both in PEM.
    package struct ClientCertificate: Equatable, Sendable {
        let certificate: [UInt8]
        let key: [UInt8]
        let name: String

        /// - Parameters:
        ///   - certificate: with those that lead to its authority, if any.
        ///   - key: unencrypted.
        ///   - name: by which a person knows the certificate.
        package init(certificate: [UInt8], key: [UInt8], name: String) {
            self.certificate = certificate
            self.key = key
            self.name = name
        }
    }

    package init() {}

    /// Reads the settings.
    ///
    /// - Parameter environment: the process's variables.
    /// - Throws: ``AssistantsError`` for a proxy of a kind that Muster cannot use: going another way than the one that was
    ///   named would be worse than not going.
    package init(environment: [String: String]) throws(AssistantsError) {
        func first(_ names: String...) -> (name: String, value: String)? {
            names.lazy.compactMap { name in environment[name].map { (name, $0) } }.first { !$0.1.isEmpty }
        }
        if let setting = first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY") {
            guard let proxy = Proxy(setting.value) else {
                throw AssistantsError(.unusableProxy(variable: setting.name), server: "")
            }
            self.proxy = proxy
        }
        exceptions = (first("no_proxy", "NO_PROXY")?.value ?? "")
            .split { $0 == "," || $0 == " " }.map { ProxyException(String($0)) }
        let folders = first("SSL_CERT_DIR")?.value.split(separator: ":").map(String.init) ?? []
        let file = first("SSL_CERT_FILE")?.value
        if file != nil || !folders.isEmpty { authorities = .places(file: file, folders: folders) }
    }

    /// The proxy for an address; nil for those that are spoken to directly.
    package func proxy(for address: ServerAddress) -> Proxy? {
        guard !address.isLoopback, !exceptions.contains(where: { $0.covers(address) }) else { return nil }
        return proxy
    }
}

extension NetworkSettings.Proxy {
    /// - Parameter text: `http://user:password@host:port`; scheme, user and port may be missing. Nil for other schemes.
    init?(_ text: String) {
        let parts = text.firstRange(of: "://").map { (text[..<$0.lowerBound].lowercased(), text[$0.upperBound...]) }
        let (scheme, rest) = parts ?? ("http", text[...])
        guard scheme == "http" else { return nil }
        let authority = rest.prefix { $0 != "/" }
        let at = authority.lastIndex(of: "@")
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard let address = ServerAddress("http://" + place) else { return nil }
        host = address.host
        port = address.port
        user = at.map { at in
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { $0.removingPercentEncoding ?? String($0) }
            return NetworkSettings.User(name: texts[0], password: texts.count > 1 ? texts[1] : "")
        }
    }
}

/// One entry of `NO_PROXY`: everybody (`*`), a host with those below it, or a block of addresses; perhaps one port only.
package struct ProxyException: Equatable, Sendable {
    private enum Hosts: Equatable {
        case all
        /// With the dot in front where only those below it are meant.
        case name(String)
        case block(AddressBlock)
    }

    private let hosts: Hosts
    private let port: Int?

    package init(_ text: String) {
        if text == "*" {
            (hosts, port) = (.all, nil)
        } else if let block = AddressBlock(text) {
            (hosts, port) = (.block(block), nil)
        } else if let address = ServerAddress("http://" + text), address.path.isEmpty {
            // An IPv6 address without brackets is no address with a port.
            let hasPort = text.last != "]" && text.contains { $0 == ":" }
            let host = address.host.hasPrefix("*.") ? String(address.host.dropFirst()) : address.host
            (hosts, port) = (.name(host), hasPort ? address.port : nil)
        } else {
            (hosts, port) = (.name(text.lowercased()), nil)
        }
    }

    func covers(_ address: ServerAddress) -> Bool {
        if let port, port != address.port { return false }
        switch hosts {
        case .all: return true
        case .name(let name):
            if name.hasPrefix(".") { return address.host.hasSuffix(name) }
            return address.host == name || address.host.hasSuffix("." + name)
        case .block(let block): return block.contains(address.host)
        }
    }
}

/// `10.0.0.0/8` (RFC 4632, section 3.1), `fd00::/8` (RFC 4291, section 2.3), or one address.
private struct AddressBlock: Equatable {
    private let network: [UInt8]
    private let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = Self.bytes(of: String(parts[0])) else { return nil }
        guard let bits = parts.count == 2 ? Int(parts[1]) : address.count * 8, (0...address.count * 8).contains(bits)
        else { return nil }
        self.bits = bits
        network = address
    }

    func contains(_ host: String) -> Bool {
        guard let address = Self.bytes(of: host), address.count == network.count else { return false }
        let (whole, rest) = (bits / 8, bits % 8)
        guard address.prefix(whole) == network.prefix(whole) else { return false }
        return rest == 0 || (address[whole] ^ network[whole]) >> UInt8(8 - rest) == 0
    }

    /// Four bytes or sixteen; nil for what is no address.
    private static func bytes(of text: String) -> [UInt8]? {
        let text = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
