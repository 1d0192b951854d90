import JSONModel

/// Which part of a list a client asked for. Protocol reference, section 3.
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

/// One page, each object as the text in which it is stored.
struct StoredPage: Sendable {
    struct Item: Sendable {
        let id: String
        let text: String
    }

    let items: [Item]
    let hasMore: Bool

    /// The same page with every object changed.
    func map(_ transform: (JSONObject) throws -> JSONObject) throws -> StoredPage {
        let changed = try items.map { item in
            let object = try JSONValue(parsing: item.text).object ?? [:]
            return Item(id: item.id, text: JSONValue.object(try transform(object)).text())
        }
        return StoredPage(items: changed, hasMore: hasMore)
    }

    /// The list envelope. Texts are joined as they are: pages of many objects cost no parsing.
    var text: String {
        var result = "{\"object\":\"list\",\"data\":["
        result.reserveCapacity(items.reduce(128) { $0 + $1.text.utf8.count + 1 })
        for (index, item) in items.enumerated() {
            if index > 0 { result += "," }
            result += item.text
        }
        result += "],\"first_id\":\(Self.quoted(items.first?.id)),\"last_id\":\(Self.quoted(items.last?.id))"
        result += ",\"has_more\":\(hasMore)}"
        return result
    }

    private static func quoted(_ id: String?) -> String {
        id.map { "\"\($0)\"" } ?? "\"\""
    }
}
