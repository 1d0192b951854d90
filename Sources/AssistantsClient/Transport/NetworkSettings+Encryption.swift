import Foundation
import NIOSSL

extension NetworkSettings {
    /// What connections are encrypted with; nil for the library's own choice, which trusts the machine's authorities.
    ///
    /// - Returns: the configuration; certificates are checked in every one.
    /// - Throws: ``AssistantsError`` for files that hold no certificate or key.
    func encryption() throws(AssistantsError) -> TLSConfiguration? {
        guard authorities != .ofMachine || certificate != nil else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        switch authorities {
        case .ofMachine: break
        case .places(let file, let folders):
            if let file { configuration.trustRoots = .file(file) }
            configuration.additionalTrustRoots = [.certificates(folders.flatMap(Self.certificates(inFolder:)))]
        case .certificates(let bytes, let name):
            configuration.trustRoots = .certificates(try Self.certificates(bytes, name))
        }
        if let certificate {
            let chain = try Self.certificates(certificate.certificate, certificate.name)
            configuration.certificateChain = chain.map { .certificate($0) }
            // Whatever the reason is, the file is not what it should be.
            guard let key = try? NIOSSLPrivateKey(bytes: certificate.key, format: .pem) else {
                throw AssistantsError(.unusableCertificate(file: certificate.name, holds: "a private key"), server: "")
            }
            configuration.privateKey = .privateKey(key)
        }
        return configuration
    }

    /// The certificates of a folder that openssl-rehash(1) has prepared. What is no certificate is trusted by nobody, so it is
    /// passed over, as OpenSSL does it; the library would refuse the whole folder.
    private static func certificates(inFolder folder: String) -> [NIOSSLCertificate] {
        // A folder that is not there, or a file that is no certificate, makes nobody trusted.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.wholeMatch(of: /[0-9a-f]{8}\.[0-9]+/) != nil }.sorted().flatMap { name in
            (try? NIOSSLCertificate.fromPEMFile("\(folder)/\(name)")) ?? []
        }
    }

    private static func certificates(
        _ bytes: [UInt8], _ name: String
    ) throws(AssistantsError) -> [NIOSSLCertificate] {
        let certificates = (try? NIOSSLCertificate.fromPEMBytes(bytes)) ?? []  // any reason is the same
        guard !certificates.isEmpty else {
            throw AssistantsError(.unusableCertificate(file: name, holds: "a certificate"), server: "")
        }
        return certificates
    }
}
