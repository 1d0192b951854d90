/// Keeps libyaml from breaking lines where YAML 1.2 does not.
///
/// YAML 1.2 (section 5.4) breaks lines at LF, CR and CRLF alone; U+0085, U+2028 and U+2029 are characters like others.
/// libyaml follows YAML 1.1 and breaks at them too, so that what every editor shows as one comment line could hold a key.
/// While libyaml reads, each of the three is replaced by a character that the text does not hold.
struct ForeignBreaks {
    /// What libyaml is given: as many Unicode scalars on each line as in the original, so places stay right.
    let shielded: [UInt8]
    private let originals: [Unicode.Scalar: Unicode.Scalar]
    private static let breaks: [Unicode.Scalar] = ["\u{85}", "\u{2028}", "\u{2029}"]
    /// Private use: printable to libyaml, and nobody else's meaning.
    private static let standIns = (0xE000...0xF8FF).compactMap(Unicode.Scalar.init)

    init(_ bytes: [UInt8]) {
        guard Self.mayHold(bytes) else {
            shielded = bytes
            originals = [:]
            return
        }
        let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        let taken = Set(scalars)
        let found = Self.breaks.filter(taken.contains)
        let free = Self.standIns.lazy.filter { !taken.contains($0) }
        let pairs = Array(zip(found, free))
        // A text that uses all 6,400 private characters and a separator as well is left as libyaml reads it.
        guard pairs.count == found.count, String(validating: bytes, as: UTF8.self) != nil else {
            shielded = bytes
            originals = [:]
            return
        }
        originals = Dictionary(pairs.map { ($1, $0) }) { first, _ in first }
        let standIn = Dictionary(pairs) { first, _ in first }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.map { standIn[$0] ?? $0 })
        shielded = Array(String(text).utf8)
    }

    /// The text that was written, for one that libyaml returned.
    func restored(_ text: String) -> String {
        guard !originals.isEmpty else { return text }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.map { originals[$0] ?? $0 })
        return String(result)
    }

    /// `C2 85`, `E2 80 A8`, `E2 80 A9`: a look at the bytes, because hardly any file holds one.
    private static func mayHold(_ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { place in
            switch bytes[place] {
            case 0xC2: place + 1 < bytes.count && bytes[place + 1] == 0x85
            case 0xE2:
                place + 2 < bytes.count && bytes[place + 1] == 0x80
                    && (bytes[place + 2] == 0xA8 || bytes[place + 2] == 0xA9)
            default: false
            }
        }
    }
}
