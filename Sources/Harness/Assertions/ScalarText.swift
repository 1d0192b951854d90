/// Texts compared by Unicode scalars: an e with an accent is not an e and an accent, and a family is not the people in it.
enum ScalarText {
    static func equals(_ a: String, _ b: String) -> Bool {
        a.utf8.elementsEqual(b.utf8)
    }

    static func starts(_ text: String, with part: String) -> Bool {
        text.utf8.starts(with: part.utf8)
    }

    static func ends(_ text: String, with part: String) -> Bool {
        text.utf8.count >= part.utf8.count && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
    }

    /// UTF-8 marks where its scalars begin, so looking for bytes finds whole scalars.
    static func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        var index = 0
        let last = text.count - part.count
        while index <= last {
            guard let found = text[index...last].firstIndex(of: first) else { return false }
            if text[found..<(found + part.count)].elementsEqual(part) { return true }
            index = found + 1
        }
        return false
    }

    /// Without regard to case, as Unicode maps each scalar on its own.
    static func folded(_ text: String) -> String {
        text.unicodeScalars.map(\.properties.lowercaseMapping).joined()
    }
}
