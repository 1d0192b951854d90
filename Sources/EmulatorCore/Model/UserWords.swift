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

    /// Whether the text tells somebody to do or to find something: it begins with such a word.
    package var isRequest: Bool {
        let beginning = text.drop { !$0.isLetter }
        if Self.chineseRequestWords.contains(where: beginning.hasPrefix) { return true }
        let words = Self.latinWords(String(beginning.prefix(200))).filter { !Self.politeWords.contains($0) }
        return words.first.map(Self.requestWords.contains) ?? false
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
    private static let requestWords: Set = [
        "find", "search", "look", "lookup", "show", "get", "fetch", "check", "give", "list", "query", "tell", "explain",
        "calculate", "compute", "compare", "translate", "summarize", "summarise", "describe", "send", "book", "order",
        "buy",
        "create", "make", "add", "update", "delete", "remove", "cancel", "open", "close", "play", "turn", "set",
        "start",
        "stop", "call", "schedule", "remind", "convert", "write", "read", "run", "use", "locate", "track", "browse",
    ]
    private static let politeWords: Set = [
        "please", "now", "then", "just", "so", "ok", "okay", "hey", "hi", "hello", "and",
    ]
    private static let chineseRequestWords = [
        "查", "找", "搜", "幫我", "帮我", "幫忙", "帮忙", "請", "请", "麻煩", "麻烦", "告訴我", "告诉我", "給我", "给我", "列出", "顯示",
        "显示", "介紹", "介绍", "說明", "说明", "翻譯", "翻译", "計算", "计算", "比較", "比较", "訂", "订", "預訂", "预订", "打開", "打开", "取消",
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
