import AssistantsAPI
import AssistantsClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import TestSupport
import Testing

struct NetworkSettingsTests {
    @Test(arguments: [
        ("http://proxy.test:3128", "proxy.test:3128"), ("proxy.test:3128", "proxy.test:3128"),
        ("http://proxy.test/", "proxy.test:80"), ("http://[::1]:3128", "[::1]:3128"),
    ])
    func readsAProxy(text: String, name: String) throws {
        #expect(try NetworkSettings(environment: ["HTTPS_PROXY": text]).proxy?.name == name)
    }

    @Test func readsUserAndPassword() throws {
        let proxy = try NetworkSettings(environment: ["ALL_PROXY": "http://kim:p%40s:s@proxy.test:1"]).proxy
        #expect(proxy?.user?.name == "kim")
        #expect(proxy?.user?.password == "p@s:s")
        #expect(proxy?.name == "proxy.test:1")
    }

    @Test func takesTheVariableInLowerCaseFirst() throws {
        let settings = try NetworkSettings(environment: ["HTTPS_PROXY": "a.test:1", "https_proxy": "b.test:2"])
        #expect(settings.proxy?.name == "b.test:2")
    }

    @Test func anEmptyVariableSaysNothing() throws {
        #expect(try NetworkSettings(environment: ["HTTPS_PROXY": "", "SSL_CERT_FILE": ""]) == NetworkSettings())
    }

    /// Going directly instead would send the request another way than the user said.
    @Test(arguments: ["socks5://proxy.test:1", "https://proxy.test:1", "http://kim:secret@", "http://proxy.test:x"])
    func refusesAProxyItCannotUse(text: String) {
        let error = #expect(throws: AssistantsError.self) {
            try NetworkSettings(environment: ["HTTPS_PROXY": text])
        }
        #expect(error?.kind == .unusableProxy(variable: "HTTPS_PROXY"))
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test(arguments: [
        ("*", true), ("bots.corp.test", true), ("corp.test", true), (".corp.test", true), ("*.corp.test", true),
        ("BOTS.corp.test", true), ("other.test, corp.test", true), ("corp.test:443", true), ("corp.test:8443", false),
        ("orp.test", false), ("corp", false), (".bots.corp.test", false), ("", false),
    ])
    func leavesOutHosts(exceptions: String, isDirect: Bool) throws {
        try expect("https://bots.corp.test/v1", without: exceptions, isDirect: isDirect)
    }

    @Test(arguments: [
        ("10.0.0.0/8", true), ("10.1.2.3", true), ("10.1.2.0/24", true), ("10.1.3.0/24", false), ("0.0.0.0/0", true),
        ("10.1.2.3/33", false), ("10.1.2", false),
    ])
    func leavesOutBlocksOfAddresses(exceptions: String, isDirect: Bool) throws {
        try expect("https://10.1.2.3/v1", without: exceptions, isDirect: isDirect)
    }

    @Test(arguments: [
        ("fd00::/8", true), ("fd12:3456::1", true), ("[fd12:3456::1]", true), ("fd12:3456::/33", true),
        ("fd12:3457::/32", false), ("::/0", true), ("fd00::/129", false), ("0.0.0.0/0", false), ("fd12::zz", false),
    ])
    func leavesOutBlocksOfLongAddresses(exceptions: String, isDirect: Bool) throws {
        try expect("https://[fd12:3456::1]/v1", without: exceptions, isDirect: isDirect)
    }

    @Test(arguments: ["http://127.0.0.1:8787", "https://localhost", "http://[::1]:1"])
    func thisMachineIsNeverAskedForByWayOfAProxy(address: String) throws {
        try expect(address, without: "", isDirect: true)
    }

    private func expect(_ address: String, without exceptions: String, isDirect: Bool) throws {
        let settings = try NetworkSettings(environment: ["HTTPS_PROXY": "proxy.test:1", "NO_PROXY": exceptions])
        #expect((settings.proxy(for: try #require(ServerAddress(address))) == nil) == isDirect)
    }
}

/// Over real sockets: what a proxy and a certificate make of a request.
struct NetworkTests {
    @Test(arguments: [
        ("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "it wants a user and a password"),
        (
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            "it did not make the connection: it may know no such user and password, or let nobody go there"
        ),
    ])
    func aProxyThatRefusesIsNamed(answer: String, reason: String) async throws {
        let seen = Seen()
        let error = await #expect(throws: TransportError.self) {
            try await withServer({ [Answering(answer: Array(answer.utf8), closes: true, seen: seen)] }) { port in
                try await ask("https://bots.test/v1", ["HTTPS_PROXY": "http://kim:secret@127.0.0.1:\(port)"])
            }
        }
        #expect(error?.kind == .proxyRefused)
        let detail = try #require(error?.detail)
        #expect(detail.hasPrefix("through the proxy 127.0.0.1:") && detail.hasSuffix(": " + reason))
        #expect(seen.text.hasPrefix("CONNECT bots.test:443 HTTP/1.1\r\n"))
        #expect(seen.text.contains("Basic a2ltOnNlY3JldA=="))
    }

    @Test func theAuthorityOfSSL_CERT_FILEIsTrusted() async throws {
        #expect(try await askWithCertificate("localhost", trusting: .file) == 200)
    }

    @Test func aCertificateForAnotherNameIsNotTrusted() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await askWithCertificate("bots.test", trusting: .file)
        }
        #expect(
            error
                == TransportError(
                    .insecureConnection, detail: "its certificate is not trusted: it is made out to another name"))
    }

    @Test func theAuthorityThatMusterYAMLNamesIsTrusted() async throws {
        #expect(try await askWithCertificate("localhost", trusting: .contents) == 200)
    }

    @Test func authoritiesMayLieInAFolder() async throws {
        #expect(try await askWithCertificate("localhost", trusting: .folder) == 200)
    }

    /// A folder that nobody has prepared must not take away what the file says.
    @Test func aFileIsTrustedWhateverTheFolderHolds() async throws {
        #expect(try await askWithCertificate("localhost", trusting: .fileBesideAnyFolder) == 200)
    }

    @Test func anAuthorityThatNobodyKnowsIsCalledSo() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await askWithCertificate("localhost", trusting: nil)
        }
        #expect(
            error?.detail == "its certificate is not trusted: this machine does not know the authority that made it")
    }

    @Test func anExpiredCertificateIsCalledSo() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await askWithCertificate(
                "localhost", days: ["-not_before", "20200101000000Z", "-not_after", "20200201000000Z"], trusting: .file)
        }
        #expect(error?.detail == "its certificate is not trusted: it has expired on 2020-02-01")
    }

    @Test func aServerThatWantsACertificateGetsOurs() async throws {
        #expect(try await askWithCertificate("localhost", trusting: .file, wantsOurs: true) == 200)
    }

    @Test func aFileThatHoldsNoCertificateIsNamed() async throws {
        var settings = NetworkSettings()
        settings.authorities = .certificates(Array("no certificate".utf8), name: "ca.pem")
        let error = await #expect(throws: AssistantsError.self) {
            try await withHTTPTransport(settings) { _ in }
        }
        #expect(error.map { "\($0)" } == "ca.pem does not hold a certificate in PEM.")
    }

    /// How the client learns of the certificate that it is to trust.
    private enum Trust { case file, fileBesideAnyFolder, folder, contents }

    /// Asks a server at `localhost` whose certificate, made here, is for `name`.
    private func askWithCertificate(
        _ name: String, days: [String] = ["-days", "2"], trusting trust: Trust?, wantsOurs: Bool = false
    ) async throws -> Int {
        try await withTemporaryDirectory { folder in
            let key = folder.appending(path: "key.pem").path(percentEncoded: false)
            let certificate = folder.appending(path: "certificate.pem").path(percentEncoded: false)
            try await makeCertificate(name, days, key: key, certificate: certificate)
            var server = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            var settings = NetworkSettings()
            if wantsOurs {
                server.certificateVerification = .noHostnameVerification
                server.trustRoots = .file(certificate)
                settings.certificate = .init(
                    certificate: try Array(Data(contentsOf: URL(filePath: certificate))),
                    key: try Array(Data(contentsOf: URL(filePath: key))), name: "ours.pem")
            }
            switch trust {
            case nil: break
            case .file: settings.authorities = .places(file: certificate, folders: [])
            case .fileBesideAnyFolder:
                settings.authorities = .places(
                    file: certificate, folders: [folder.path(percentEncoded: false), "/nowhere"])
            case .folder:
                settings.authorities = .places(
                    file: nil, folders: [try await folderOfAuthorities(certificate, in: folder)])
            case .contents:
                settings.authorities = .certificates(
                    try Array(Data(contentsOf: URL(filePath: certificate))), name: "ca.pem")
            }
            let context = try NIOSSLContext(configuration: server)
            let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
            return try await withServer({ [NIOSSLServerHandler(context: context), Answering(answer: answer)] }) {
                port in
                try await withHTTPTransport(settings) { transport in
                    try await transport.send(HTTPRequest(method: .get, url: "https://localhost:\(port)/")).status
                }
            }
        }
    }

    /// A folder as `SSL_CERT_DIR` wants it: files named by what they hold (openssl-rehash(1)).
    private func folderOfAuthorities(_ certificate: String, in folder: URL) async throws -> String {
        let authorities = folder.appending(path: "authorities")
        try FileManager.default.createDirectory(at: authorities, withIntermediateDirectories: false)
        try FileManager.default.copyItem(at: URL(filePath: certificate), to: authorities.appending(path: "ca.pem"))
        let hashed = try await OutsideProgram.run("openssl", ["rehash", authorities.path(percentEncoded: false)])
        try #require(hashed.status == 0, "\(hashed.output)")
        return authorities.path(percentEncoded: false)
    }

    private func makeCertificate(_ name: String, _ days: [String], key: String, certificate: String) async throws {
        let isDated = days.count > 2
        let request =
            ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-subj", "/CN=\(name)"]
            + ["-addext", "subjectAltName=DNS:\(name)"]
        let made: OutsideProgram.Result
        if isDated {
            // Only `ca` takes dates in the past.
            let signing = URL(filePath: key).deletingLastPathComponent()
            let csr = signing.appending(path: "request.pem").path(percentEncoded: false)
            let settings = signing.appending(path: "ca.cnf").path(percentEncoded: false)
            let base = signing.path(percentEncoded: false)
            let text = """
                [ca]
                default_ca = it
                [it]
                new_certs_dir = \(base)
                database = \(base)/index.txt
                rand_serial = yes
                default_md = sha256
                policy = any
                copy_extensions = copy
                [any]
                commonName = supplied

                """
            try Data(text.utf8).write(to: URL(filePath: settings))
            try Data().write(to: signing.appending(path: "index.txt"))
            let asked = try await OutsideProgram.run("openssl", request + ["-new", "-out", csr])
            try #require(asked.status == 0, "\(asked.output)")
            made = try await OutsideProgram.run(
                "openssl",
                ["ca", "-batch", "-selfsign", "-config", settings, "-keyfile", key, "-in", csr, "-out", certificate]
                    + ["-startdate", days[1], "-enddate", days[3], "-notext"])
        } else {
            made = try await OutsideProgram.run("openssl", request + ["-x509", "-out", certificate] + days)
        }
        try #require(made.status == 0, "\(made.output)")
    }

    private func ask(_ url: String, _ environment: [String: String]) async throws -> Int {
        try await withHTTPTransport(try NetworkSettings(environment: environment)) { transport in
            try await transport.send(HTTPRequest(method: .get, url: url)).status
        }
    }

    private func withServer<Result: Sendable>(
        _ handlers: @escaping @Sendable () -> [any ChannelHandler], _ body: (Int) async throws -> Result
    ) async throws -> Result {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandlers(handlers()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { server.close(promise: nil) }
        return try await body(#require(server.localAddress?.port))
    }
}
