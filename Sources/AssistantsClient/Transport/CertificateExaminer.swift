import AssistantsAPI
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Finds out what is wrong with a certificate that was refused already: the library says only that it was.
///
/// Connects once more, reads the certificate, and closes the connection: nothing is sent on it, least of all a key.
enum CertificateExaminer {
    private static let patience = TimeAmount.seconds(5)

    /// - Parameter address: the server's.
    /// - Returns: the reason, as the end of a sentence; nil where the certificate itself shows none.
    static func reason(at address: ServerAddress) async -> String? {
        guard let certificate = await certificate(at: address) else { return nil }
        let now = Date.now.timeIntervalSince1970
        if TimeInterval(certificate.notValidAfter) < now {
            return "it has expired on \(day(certificate.notValidAfter))"
        }
        if TimeInterval(certificate.notValidBefore) > now {
            return "it is not valid before \(day(certificate.notValidBefore)), or the clock of this machine is wrong"
        }
        return "this machine does not know the authority that made it"
    }

    private static func day(_ time: time_t) -> String {
        Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601.year().month().day())
    }

    private static func certificate(at address: ServerAddress) async -> NIOSSLCertificate? {
        let seen = Seen()
        do {
            let context = try NIOSSLContext(configuration: .makeClientConfiguration())
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(patience)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        // Takes over from the library's own check, and fails every certificate.
                        let handler = try NIOSSLClientHandler(
                            context: context, serverHostname: isName(address.host) ? address.host : nil,
                            customVerificationCallback: { chain, verdict in
                                seen.certificate.withLock { $0 = chain.first }
                                verdict.succeed(.failed)
                            })
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(host: address.host, port: address.port).get()
            channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
            try await channel.closeFuture.get()
        } catch {
            // What cannot be reached a second time keeps the general sentence.
        }
        return seen.certificate.withLock { $0 }
    }

    private final class Seen: Sendable {
        let certificate = Mutex<NIOSSLCertificate?>(nil)
    }

    /// Only names may be asked for (RFC 6066, section 3).
    private static func isName(_ host: String) -> Bool {
        !host.contains(":") && !host.allSatisfy { $0.isNumber || $0 == "." }
    }
}
