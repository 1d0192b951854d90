import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TransportError {
    /// Says why no encrypted connection came about. None of it mends itself within seconds, so it is never tried again.
    ///
    /// - Parameter error: what was thrown.
    /// - Returns: nil when it has nothing to do with encryption.
    static func encryption(_ error: any Error) -> TransportError? {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            TransportError(
                .insecureConnection, detail: "its certificate is not trusted: it is made out to another name")
        case let error as NIOSSLExtraError:
            TransportError(.insecureConnection, detail: error == .serverHostnameImpossibleToMatch ? nameless : general)
        case NIOSSLError.uncleanShutdown: TransportError(.connectionLost, detail: "the server closed the connection")
        case NIOSSLError.handshakeFailed(let cause): handshake(cause)
        case NIOSSLError.failedToLoadCertificate, NIOSSLError.noSuchFilesystemObject:
            TransportError(.insecureConnection, detail: withoutAuthorities)
        case is NIOSSLError: TransportError(.insecureConnection, detail: general)
        case is BoringSSLError:
            TransportError(.insecureConnection, detail: hasAuthorities ? general : withoutAuthorities)
        default: nil
        }
    }

    /// The library does not say which of the two it is; ``CertificateExaminer`` can.
    static let untrustedCertificate = TransportError(
        .insecureConnection,
        detail:
            "its certificate is not trusted: it has expired, or this machine does not know the authority that made it")
    private static let general = "no agreement on an encrypted connection"
    private static let nameless = "its name cannot stand in a certificate"
    private static let withoutAuthorities =
        "no certificate authorities were found on this machine, so no certificate can be trusted "
        + "(on Debian and Ubuntu they are the package ca-certificates)"

    private static func handshake(_ cause: BoringSSLError) -> TransportError {
        // The library tells the reasons apart by words only (BoringSSL, ssl.h, SSL_R_…).
        let words = String(describing: cause)
        if words.contains("EOF") {
            return TransportError(.connectionLost, detail: "the server closed the connection before it was encrypted")
        }
        if words.contains("CERTIFICATE_VERIFY_FAILED") {
            return hasAuthorities
                ? untrustedCertificate : TransportError(.insecureConnection, detail: withoutAuthorities)
        }
        if words.contains("WRONG_VERSION_NUMBER") || words.contains("HTTP_REQUEST") {
            return TransportError(.insecureConnection, detail: "it does not speak https at this port")
        }
        return TransportError(.insecureConnection, detail: general)
    }

    /// Whether there is a file of the user's, or anything at the places where swift-nio-ssl looks (its
    /// LinuxCABundle.swift).
    private static var hasAuthorities: Bool {
        #if os(Linux)
            getenv("SSL_CERT_FILE") != nil || getenv("SSL_CERT_DIR") != nil
                || ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs"]
                    .contains { (path: String) in access(path, R_OK) == 0 }
        #else
            true
        #endif
    }
}
