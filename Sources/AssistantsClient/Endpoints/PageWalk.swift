package import AssistantsAPI
package import JSONModel

/// Walks through the pages of a list without trusting what servers say about its end: a pure value.
///
/// An object that is missed would be created twice, so the walk ends only on a page without a new id, such as an empty
/// one, or on one that is short while `has_more` is not true. Servers cap pages below what was asked (20 is the usual
/// default) and say all the same that nothing follows, so a page with a round number of objects proves nothing.
/// docs/design.md#plans; docs/protocol.md#tolerance. So a list of n costs at most ceil(n/limit) + 1 pages.
package struct PageWalk: Sendable {
    package struct Cursor: Equatable, Sendable {
        /// What the next page starts after; nil for the first page.
        package let id: String?
    }

    /// More objects than any server holds; a list that is longer has no end.
    package static let maximumItems = 200_000
    /// More than any project keeps; a list that is larger would not fit into the memory of small machines.
    package static let maximumBytes = 192 << 20

    /// Every object so far, each id once, in the order of the pages.
    package private(set) var items: [JSONValue] = []
    /// Where to go on; nil when the walk is over.
    package private(set) var cursor: Cursor?
    /// Objects that were passed over because they have no id.
    package private(set) var withoutID = 0
    /// The last page held nothing but what was read before: the server may have ignored the cursor.
    package private(set) var isRepeating = false
    /// The first page was short, and the server itself said that nothing follows.
    package private(set) var endsOnFirstPage = false
    private var seen: Set<String> = []
    private var byteCount = 0
    private var pages = 0
    private let limit: Int
    /// Caps are round numbers.
    private static let roundness = 10

    /// Whether this is more than a list can be.
    package var isTooLong: Bool { items.count > Self.maximumItems || byteCount > Self.maximumBytes }

    /// Starts a walk.
    ///
    /// - Parameters:
    ///   - limit: how many objects a page is asked for.
    ///   - id: what the first page starts after; nil for the list's beginning.
    package init(limit: Int = AssistantsProtocol.maximumPageSize, after id: String? = nil) {
        self.limit = limit
        cursor = Cursor(id: id)
    }

    /// Adds a page and decides where to go on.
    ///
    /// - Parameter page: what the server returned for the last cursor.
    package mutating func take(_ page: Page) {
        let fresh = page.items.filter { item in
            guard let id = item["id"]?.string else {
                withoutID += 1
                return false
            }
            return seen.insert(id).inserted
        }
        items += fresh
        byteCount += page.byteCount
        pages += 1
        isRepeating = fresh.isEmpty && !page.items.isEmpty
        let isShort = page.items.count < limit && page.items.count % Self.roundness != 0 && page.hasMore != true
        endsOnFirstPage = pages == 1 && page.items.count < limit && page.hasMore == false
        cursor = fresh.isEmpty || isShort ? nil : page.lastID.map { Cursor(id: $0) }
    }

    /// Whether a walk from the other end began in the same order, so that the server does not know of orders.
    package func isInOrder(of other: PageWalk) -> Bool {
        let ids = { (walk: PageWalk) in walk.items.map { $0["id"]?.string } }
        return other.items.count > 1 && ids(self).starts(with: ids(other))
    }

    /// Whether a walk from the other end has reached what this one has read.
    package func meets(_ other: PageWalk) -> Bool {
        !seen.isDisjoint(with: other.seen)
    }

    /// Everything that this walk and one from the other end have read, in this one's order.
    package func joined(with other: PageWalk) -> [JSONValue] {
        items
            + other.items.reversed().filter { item in
                guard let id = item["id"]?.string else { return false }
                return !seen.contains(id)
            }
    }
}
