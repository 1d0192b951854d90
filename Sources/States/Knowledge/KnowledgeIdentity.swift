import Texts

/// A store's identity in its project: what `knowledge:` says, by default the file's base name.
package struct KnowledgeKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let name: AssistantKey
    package var text: String { name.text }
    package var description: String { name.text }

    /// - Parameter text: a user's word, or a server's; nil is returned for one that ``Names/isUsable(_:)`` refuses.
    package init?(_ text: String) {
        guard let name = AssistantKey(text) else { return nil }
        self.name = name
    }

    package static func < (left: KnowledgeKey, right: KnowledgeKey) -> Bool { left.name < right.name }
}

/// The server's name for a vector store.
package struct StoreID: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let id: AssistantID
    package var text: String { id.text }
    package var description: String { id.text }

    /// - Parameter text: what the server says; nil is returned for what ``AssistantID`` refuses.
    package init?(_ text: String) {
        guard let id = AssistantID(text) else { return nil }
        self.id = id
    }

    package static func < (left: StoreID, right: StoreID) -> Bool { left.id < right.id }
}

/// The server's name for an uploaded file.
package struct FileID: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let id: AssistantID
    package var text: String { id.text }
    package var description: String { id.text }

    /// - Parameter text: what the server says; nil is returned for what ``AssistantID`` refuses.
    package init?(_ text: String) {
        guard let id = AssistantID(text) else { return nil }
        self.id = id
    }

    package static func < (left: FileID, right: FileID) -> Bool { left.id < right.id }
}

/// The SHA-256 of a file's contents: what a file is, whatever it is called.
package struct FileDigest: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package let text: String
    package var description: String { text }
    private static let length = 64

    /// - Parameter text: nil is returned for anything but 64 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, Hexadecimal.isLowercase(text) else { return nil }
        self.text = text
    }

    /// The digits by which files on a server are told apart: 48 bits, of which a store of 10,000 files has no two alike.
    package var content: ContentMark {
        ContentMark(unchecked: String(text.prefix(ContentMark.length)))
    }
}

/// The beginning of a ``FileDigest``: as much as the name of an uploaded file has room for.
package struct ContentMark: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String
    package var description: String { text }
    package static let length = 12

    /// - Parameter text: nil is returned for anything but twelve lower-case hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length, Hexadecimal.isLowercase(text) else { return nil }
        self.text = String(text)
    }

    fileprivate init(unchecked text: String) {
        self.text = text
    }

    package static func < (left: ContentMark, right: ContentMark) -> Bool { left.text < right.text }
}

enum Hexadecimal {
    static func isLowercase(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
    }
}
