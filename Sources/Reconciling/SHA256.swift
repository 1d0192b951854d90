import CMessageDigest

/// SHA-256 (FIPS 180-4) by libmd, Debian's library of the BSD systems' digests, and the authentication code over it (RFC 2104).
/// swift-crypto would compile four hundred files, BoringSSL a second time among them, for these two functions.
package struct SHA256: Sendable {
    private static let blockSize = Int(SHA256_BLOCK_LENGTH)
    private static let digestSize = Int(SHA256_DIGEST_LENGTH)
    private var context = SHA2_CTX()

    package init() {
        SHA256Init(&context)
    }

    /// Takes the next bytes of a message.
    package mutating func update(_ bytes: [UInt8]) {
        SHA256Update(&context, bytes, bytes.count)
    }

    /// Ends the message.
    ///
    /// - Returns: 32 bytes.
    package consuming func digest() -> [UInt8] {
        var context = context
        return [UInt8](unsafeUninitializedCapacity: Self.digestSize) { digest, count in
            SHA256Final(digest.baseAddress, &context)
            count = Self.digestSize
        }
    }

    /// - Parameter bytes: any number of them.
    /// - Returns: 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.digest()
    }

    /// HMAC-SHA-256.
    ///
    /// - Parameters:
    ///   - message: what is vouched for.
    ///   - key: the secret.
    /// - Returns: 32 bytes.
    package static func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        let short = key.count > blockSize ? digest(key) : key
        let padded = short + [UInt8](repeating: 0, count: blockSize - short.count)
        return digest(padded.map { $0 ^ 0x5c } + digest(padded.map { $0 ^ 0x36 } + message))
    }

    /// Whether two codes are the same, in a time that does not tell where they differ.
    ///
    /// - Returns: false for codes of different lengths.
    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Lower-case hexadecimal.
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
