import TestSupport

/// Makes inputs that nobody would write from inputs that somebody wrote: repeatable, and bounded in size.
struct Mutator {
    private var chance: Chance
    private let seeds: [[UInt8]]
    private static let maximumSize = 32 << 10

    /// Pieces at which parsers stumble.
    private static let pieces: [[UInt8]] =
        [
            "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e308", "1e999", "-0", "0.1e-400",
            "null", "true",
            "\"\"", "{}", "[]", "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\\u0000", "\\ud800", "\\udfff\\ud800",
            "\u{FEFF}", "\u{202E}",
            "\u{0301}\u{0301}\u{0301}", "\r\n", "\r", "\n\n", "\0", "'", "\"", "\\", "%22", "%0D%0A", "--b--",
            "--b\r\n", "data:", "event:",
            ": ", "[DONE]", "&a", "*a", "<<: *a", "- ", "? ", "|", ">", "!!str", "---\n", "...\n", "\t", "#", "(",
            "(?:", "[^", "{1,99999}",
            "\\p{L}", "(a+)+$", "\\1", "$ref", "#/$defs/a", "minItems", "anyOf",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

    init(seeds: [[UInt8]], number: Int) {
        self.seeds = seeds
        chance = Chance(seed: UInt64(truncatingIfNeeded: number))
    }

    /// The next input: a seed, changed in one to eight places.
    mutating func next() -> [UInt8] {
        var input = seeds.randomElement(using: &chance) ?? []
        for _ in 0..<Int.random(in: 1...8, using: &chance) {
            change(&input)
            if input.count > Self.maximumSize { input.removeLast(input.count - Self.maximumSize) }
        }
        return input
    }

    private mutating func change(_ input: inout [UInt8]) {
        let place = Int.random(in: 0...input.count, using: &chance)
        let end = min(place + Int.random(in: 1...24, using: &chance), input.count)
        switch Int.random(in: 0..<9, using: &chance) {
        case 0 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
        case 1 where place < input.count: input[place] = UInt8.random(in: 0...255, using: &chance)
        case 2: input.removeSubrange(place..<end)
        case 3: input.insert(contentsOf: input[place..<end], at: place)
        case 4:
            let count = Int.random(in: 2...200, using: &chance)
            let piece = Array(input[place..<end])
            input.insert(contentsOf: (0..<count).flatMap { _ in piece }, at: place)
        case 5: input.removeLast(input.count - place)
        case 6:
            let other = seeds.randomElement(using: &chance) ?? []
            let start = Int.random(in: 0...other.count, using: &chance)
            input.replaceSubrange(place..<end, with: other[start...].prefix(64))
        case 7:
            // One value in the place of another: up to the next comma, colon, bracket or line break.
            let stop = input[place...].firstIndex { ",:]}\n".utf8.contains($0) } ?? input.endIndex
            input.replaceSubrange(place..<stop, with: Self.pieces.randomElement(using: &chance) ?? [])
        default: input.insert(contentsOf: Self.pieces.randomElement(using: &chance) ?? [], at: place)
        }
    }
}
