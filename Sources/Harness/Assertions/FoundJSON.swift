import JSONModel

/// JSON that stands in a text among other words: the one rule of `contains-json`, `json-path`, and the judges' verdicts.
///
/// Documents are found from left to right, outermost ones only. Brackets with nothing or one number in them are
/// footnotes and no documents.
struct FoundJSON {
    /// Every document, in the text's order.
    private(set) var documents: [JSONValue] = []
    /// Why not the whole text was looked at; nil when it was.
    private(set) var limit: String?

    /// Work for a text that wants to be expensive.
    private static let maximumSteps = 20_000_000

    /// Looks through a text.
    ///
    /// - Parameters:
    ///   - text: any text.
    ///   - leniently: also takes what models write for JSON: line breaks in texts, comments, commas before a bracket.
    init(in text: String, leniently: Bool = false) {
        let bytes = Array(text.utf8)
        var steps = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "[") else {
                index += 1
                continue
            }
            index = Self.withoutTower(bytes, index)
            var scanner = JSONScanner(bytes, at: index, isLenient: leniently)
            let isComplete = scanner.scan()
            steps += scanner.index - index
            guard steps <= Self.maximumSteps else {
                limit = "looking for JSON needs more than \(Self.maximumSteps) steps in this text"
                return
            }
            guard isComplete, let document = try? JSONValue(parsing: scanner.output) else {  // only braces in prose
                index += 1
                continue
            }
            if !Self.isFootnote(document) { documents.append(document) }
            index = scanner.index
        }
    }

    /// The last object; where there is none, the last list.
    var last: JSONValue? {
        documents.last { $0.object != nil } ?? documents.last
    }

    /// The first place of a row of brackets from which they are not nested too deep to be read.
    private static func withoutTower(_ bytes: [UInt8], _ start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] == UInt8(ascii: "[") || bytes[end] == UInt8(ascii: "{") { end += 1 }
        return max(start, end - JSONScanner.maximumDepth)
    }

    /// `[ ]` and `[1]`.
    private static func isFootnote(_ document: JSONValue) -> Bool {
        guard let elements = document.array else { return false }
        return elements.isEmpty || (elements.count == 1 && elements[0].double != nil)
    }
}

/// Finds the end of a JSON document that begins at one place, and says it in JSON's own words.
struct JSONScanner {
    private let bytes: [UInt8]
    private let isLenient: Bool
    private(set) var index: Int
    /// The document, without what only a lenient reader takes.
    private(set) var output: [UInt8] = []
    static let maximumDepth = 256

    init(_ bytes: [UInt8], at index: Int, isLenient: Bool) {
        self.bytes = bytes
        self.index = index
        self.isLenient = isLenient
    }

    /// Reads one object or list; false when it does not end, or is none.
    mutating func scan() -> Bool {
        var open: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard open.count < Self.maximumDepth else { return false }
                open.append(byte)
                take()
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard let opener = open.popLast(), opener + 2 == byte else { return false }
                dropComma()
                take()
                if open.isEmpty { return true }
            case UInt8(ascii: "\""): guard string() else { return false }
            case UInt8(ascii: "/") where isLenient: guard comment() else { return false }
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: ":"): take()
            default: guard word() else { return false }
            }
        }
        return false
    }

    private mutating func take() {
        output.append(bytes[index])
        index += 1
    }

    /// A comma before the closing bracket.
    private mutating func dropComma() {
        guard isLenient, let last = output.lastIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return }
        if output[last] == UInt8(ascii: ",") { output.remove(at: last) }
    }

    private mutating func string() -> Bool {
        take()
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                take()
                return true
            case UInt8(ascii: "\\"):
                take()
                guard index < bytes.count else { return false }
                take()
            case 0x0A where isLenient, 0x0D where isLenient, 0x09 where isLenient:
                let escape = bytes[index] == 0x0A ? "\\n" : bytes[index] == 0x0D ? "\\r" : "\\t"
                output += Array(escape.utf8)
                index += 1
            case 0..<0x20: return false
            default: take()
            }
        }
        return false
    }

    private mutating func comment() -> Bool {
        guard index + 1 < bytes.count else { return false }
        if bytes[index + 1] == UInt8(ascii: "/") {
            while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            return true
        }
        guard bytes[index + 1] == UInt8(ascii: "*") else { return false }
        index += 2
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") {
                index += 2
                return true
            }
            index += 1
        }
        return false
    }

    /// A number, `true`, `false` or `null`, as far as one can see here.
    private mutating func word() -> Bool {
        let start = index
        while index < bytes.count, index - start < 400, Self.isWord(bytes[index]) { take() }
        guard index > start else { return false }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        return ["true", "false", "null"].contains(word) || Double(word) != nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
