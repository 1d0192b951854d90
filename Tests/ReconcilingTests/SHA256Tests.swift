import Reconciling
import Testing

/// Digests and authentication codes against what their standards print.
struct SHA256Tests {
    private func text(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func theStandardsExamples(_ message: String, _ digest: String) {
        #expect(text(SHA256.digest(Array(message.utf8))) == digest)
    }

    @Test func aMillionLetters() {
        let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(text(SHA256.digest([UInt8](repeating: 0x61, count: 1_000_000))) == digest)
    }

    /// The digest of the digests of 300 messages, each of another length, by another program.
    @Test func everyLengthAroundABlock() {
        let digests = (0..<300).flatMap { count in SHA256.digest((0..<count).map { UInt8(($0 * 7 + count) % 256) }) }
        #expect(
            text(SHA256.digest(digests)) == "d5238871a46ac4a1a75ac3fb19d645b0b3b9e5f35f5f720e2b240d605c6b694e")
    }

    /// RFC 4231, cases 1, 2, 3 and 6.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func authenticationCodes(_ key: [UInt8], _ message: [UInt8], _ code: String) {
        #expect(text(SHA256.authenticationCode(of: message, key: key)) == code)
    }

    @Test func codesAreEqualOnlyWhereEveryByteIs() {
        #expect(SHA256.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!SHA256.areEqual([1, 2, 3], [1, 2, 2]))
        #expect(!SHA256.areEqual([1, 2, 3], [0, 2, 3]))
        #expect(!SHA256.areEqual([1, 2, 3], [1, 2]))
        #expect(SHA256.areEqual([], []))
    }
}
