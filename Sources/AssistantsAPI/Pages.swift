package import JSONModel

/// One page of a list. Protocol reference, section 3.
package struct Page: Sendable {
    package let items: [JSONValue]
    /// What the server said, which several servers say wrongly; nil when it said nothing.
    package let hasMore: Bool?

    /// Reads a page.
    ///
    /// - Parameter json: the list envelope, or a bare array; nil is returned for anything else.
    package init?(_ json: JSONValue) {
        guard let items = json["data"]?.array ?? json.array else { return nil }
        self.items = items
        hasMore = json["has_more"]?.bool
    }

    /// The id that the next page starts after: the last one that there is.
    package var lastID: String? {
        items.last { $0["id"]?.string != nil }?["id"]?.string
    }
}
