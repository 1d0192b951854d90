package import JSONModel

/// One page of a list. docs/protocol.md#lists.
package struct Page: Sendable {
    package let items: [JSONValue]
    /// What the server said, which several servers say wrongly; nil when it said nothing.
    package let hasMore: Bool?
    /// How large the answer was that held the page.
    package let byteCount: Int

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - json: the list envelope, or a bare array; nil is returned for anything else.
    ///   - byteCount: how large the answer was.
    package init?(_ json: JSONValue, byteCount: Int = 0) {
        guard let items = json["data"]?.array ?? json.array else { return nil }
        self.items = items
        self.byteCount = byteCount
        hasMore = json["has_more"]?.bool
    }

    /// The page as if it ended with one of its items.
    ///
    /// - Parameter end: the item's place, from 0; one beyond the end leaves the page as it is.
    /// - Returns: the shorter page, which has more behind it.
    package func prefix(through end: Int) -> Page {
        Page(items: Array(items.prefix(end + 1)), hasMore: true, byteCount: byteCount)
    }

    private init(items: [JSONValue], hasMore: Bool?, byteCount: Int) {
        self.items = items
        self.hasMore = hasMore
        self.byteCount = byteCount
    }

    /// The id that the next page starts after: the last one that there is.
    package var lastID: String? {
        items.last { $0["id"]?.string != nil }?["id"]?.string
    }
}
