/// What the deterministic model understands of a text: its language, whether it asks, and which words carry meaning.
package struct UserWords: Equatable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether the text is written in Chinese characters, if only in part.
    package var isChinese: Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    /// Whether the text wants to know something.
    package var isQuestion: Bool {
        let trimmed = text.reversed().first { !$0.isWhitespace }
        if trimmed == "?" || trimmed == "？" { return true }
        if Self.chineseQuestionWords.contains(where: text.contains) { return true }
        guard let first = Self.latinWords(text).first else { return false }
        return Self.questionWords.contains(first)
    }

    /// Whether the text speaks of its author.
    package var isAboutAuthor: Bool {
        text.contains("我") || !Self.authorWords.isDisjoint(with: Self.latinWords(text))
    }

    /// The words that carry meaning, reduced to stems so that "likes" meets "favourite"; each Chinese character counts
    /// as a word.
    package var stems: Set<String> {
        var stems = Set(Self.latinWords(text).filter { !Self.stopWords.contains($0) }.map(Self.stem))
        for character in text where TokenCounter.isWide(character) && !Self.stopCharacters.contains(character) {
            if character.isLetter { stems.insert(String(character)) }
        }
        return stems
    }

    /// The first number in the text.
    package var number: Int? {
        text.split { !("0"..."9").contains($0) }.lazy.compactMap { Int($0) }.first
    }

    package static func latinWords(_ text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'") || TokenCounter.isWide($0) }
            .map(String.init)
    }

    package static func stem(_ word: String) -> String {
        if let meaning = synonyms[word] { return meaning }
        var stem = word
        for suffix in ["'s", "ing", "ed", "es", "s"] where stem.hasSuffix(suffix) && stem.count > suffix.count + 2 {
            stem.removeLast(suffix.count)
            break
        }
        return synonyms[stem] ?? stem.replacing("our", with: "or")
    }

    private static let synonyms = [
        "like": "favorite", "likes": "favorite", "love": "favorite", "prefer": "favorite", "best": "favorite",
        "favourite": "favorite", "favorite": "favorite", "called": "name", "named": "name",
    ]
    private static let questionWords: Set = [
        "who", "whom", "whose", "what", "what's", "when", "where", "which", "why", "how", "is", "are", "was", "were",
        "do", "does", "did", "can", "could", "would", "should", "will", "has", "have",
    ]
    private static let chineseQuestionWords = [
        "什麼", "什么", "嗎", "吗", "如何", "怎麼", "怎么", "多少", "誰", "谁", "哪", "為何", "为何", "幾", "是否",
    ]
    private static let authorWords: Set = ["i", "my", "me", "mine", "i'm", "we", "our"]
    private static let stopWords: Set = questionWords.union(authorWords).union([
        "the", "a", "an", "and", "or", "of", "to", "in", "on", "at", "for", "with", "by", "it", "its", "this", "that",
        "be", "been", "am", "you", "your", "please", "tell", "about", "there", "from", "as", "not", "so", "if", "s",
    ])
    private static let stopCharacters: Set<Character> = [
        "我", "你", "他", "她", "的", "是", "了", "嗎", "吗", "呢", "什", "麼", "么", "在", "有", "和", "哪", "誰", "谁", "如",
        "何", "怎", "請", "请", "問", "问", "這", "这", "那", "個", "个", "吧", "啊", "也", "都", "與", "与",
    ]
}
