import CSHA256

/// SHA-256 (FIPS 180-4), and the authentication code over it (RFC 2104). No library: the one that Swift has for it compiles four
/// hundred files of a cryptographic library for these two functions.
package enum SHA256 {
    private static let blockSize = 64

    /// - Parameter bytes: any number of them.
    /// - Returns: 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            bytes.withUnsafeBufferPointer { bytes in
                // A buffer of that capacity has an address.
                if let digest = digest.baseAddress { muster_sha256(bytes.baseAddress, bytes.count, digest) }
            }
            count = 32
        }
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
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
