import Crypto
package import Planning

/// SHA-256 (FIPS 180-4) for planning, which does not link a cryptographic library itself.
package let sha256: ContentHash = { bytes in
    SHA256.hash(data: bytes).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
