/// What a job says of a plan that it has shown to reviewers: which plan, of what, at which commit of which request. Whoever
/// does not hold the key can neither make nor change one, so a comment that carries it proves something although anybody can
/// write comments.
package struct ReviewStatement: Hashable, Sendable {
    /// `sha256:…`, as the review shows it.
    package let digest: String
    /// Where and what: host, repository, number of the request, head commit, base branch, owner. Any text will do, as long
    /// as both jobs say the same.
    package let subject: String
    /// Bytes of the shortest key that is taken; shorter ones can be guessed.
    package static let shortestKey = 16

    package init(digest: String, subject: String) {
        self.digest = digest
        self.subject = subject
    }

    /// HMAC-SHA-256 (RFC 2104) over all of it.
    ///
    /// - Parameter key: what both jobs hold.
    /// - Returns: lower-case hexadecimal.
    package func signature(key: String) -> String {
        SHA256.text(SHA256.authenticationCode(of: message, key: Array(key.utf8)))
    }

    /// Whether somebody who holds the key made the signature over this very statement; compared in constant time.
    ///
    /// - Parameters:
    ///   - signature: in hexadecimal.
    ///   - key: what both jobs hold.
    /// - Returns: false also for what is no signature.
    package func isSigned(by signature: String, key: String) -> Bool {
        let digits = signature.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == signature.utf8.count, digits.count % 2 == 0 else { return false }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        return SHA256.areEqual(bytes, SHA256.authenticationCode(of: message, key: Array(key.utf8)))
    }

    /// The parts with their lengths, so that no two statements are one text.
    private var message: [UInt8] {
        let parts = ["muster review 1", digest, subject].map { "\($0.utf8.count):\($0)" }
        return Array(parts.joined(separator: "\n").utf8)
    }
}
