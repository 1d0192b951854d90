import JSONModel

/// Which part of a list a client asked for. docs/protocol.md#lists.
struct PageQuery: Equatable, Sendable {
    /// Objects on the page.
    var limit: Int
    var ascending: Bool
    /// The id that the page starts after, in the order in force.
    var after: String?
    /// The id that the page ends before.
    var before: String?
    /// Only objects of this facet; see ``ObjectTable``.
    var facet: String?
}

/// Where a stored text is, and how long it was.
struct StoredText: Equatable, Sendable {
    let sequence: Int64
    let byteCount: Int
}

/// One page, each object as the text in which it is stored, or as the place of it.
struct StoredPage: Sendable {
    enum Body: Sendable {
        case text(String)
        /// Too large together with those before it.
        case stored(StoredText)
    }

    struct Item: Sendable {
        let id: String
        let body: Body
    }

    let items: [Item]
    let hasMore: Bool

    /// Whether some of it still lies in storage.
    var isBig: Bool {
        items.contains { if case .stored = $0.body { true } else { false } }
    }

    /// The same page with every object changed; objects that lie in storage are read.
    func map(in table: ObjectTable, _ transform: (JSONObject) throws -> JSONObject) throws -> StoredPage {
        let changed = try items.map { item in
            let text =
                switch item.body {
                case .text(let text): text
                case .stored(let stored): try table.text(of: stored) ?? "{}"
                }
            let object = try JSONValue(parsing: text).object ?? [:]
            return Item(id: item.id, body: .text(JSONValue.object(try transform(object)).text()))
        }
        return StoredPage(items: changed, hasMore: hasMore)
    }

    /// The list envelope up to the first object.
    var beginning: String { "{\"object\":\"list\",\"data\":[" }

    /// The list envelope after the last object.
    var end: String {
        "],\"first_id\":\(Self.quoted(items.first?.id)),\"last_id\":\(Self.quoted(items.last?.id)),\"has_more\":\(hasMore)}"
    }

    /// The whole list. Texts are joined as they are: pages of many objects cost no parsing.
    var text: String {
        let texts = items.compactMap { if case .text(let text) = $0.body { text } else { nil } }
        var result = beginning
        result.reserveCapacity(texts.reduce(128) { $0 + $1.utf8.count + 1 })
        for (index, text) in texts.enumerated() {
            if index > 0 { result += "," }
            result += text
        }
        return result + end
    }

    private static func quoted(_ id: String?) -> String {
        id.map { "\"\($0)\"" } ?? "\"\""
    }
}
