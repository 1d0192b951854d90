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
        case .places(let places):
            configuration.trustRoots = places.first.map(NIOSSLTrustRoots.file) ?? .default
            configuration.additionalTrustRoots = places.dropFirst().map(NIOSSLAdditionalTrustRoots.file)
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
