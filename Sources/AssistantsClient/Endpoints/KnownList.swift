import AssistantsAPI
import JSONModel

/// Reads a list whose objects are mostly known already, from many places at once: a pure value.
///
/// One walk begins at the list's beginning and one behind each of some known objects, the landmarks; each ends at the next
/// landmark that it meets. Whatever the server's order is, what stands between two landmarks is read by the walk that
/// began at the first. It is the whole list if every landmark was met, and nothing was read twice: a server that ignores
/// cursors, or has lost a landmark meanwhile, fails that.
struct KnownList {
    /// Where each walk begins: after this id, or at the beginning.
    let beginnings: [String?]
    private let landmarks: Set<String>
    /// Known objects from one landmark to the next: a little less than a page, because servers order objects of one second as
    /// they like.
    private static let share = 0.9

    /// - Parameters:
    ///   - ids: known objects, roughly in the server's order.
    ///   - limit: objects on a page. Where there are too few ids to gain anything, there is nothing to initialise.
    init?(knowing ids: [String], limit: Int) {
        let stride = max(1, Int(Double(limit) * Self.share))
        guard ids.count >= 2 * stride else { return nil }
        let marks = Swift.stride(from: stride - 1, to: ids.count, by: stride).map { ids[$0] }
        landmarks = Set(marks)
        beginnings = [nil] + marks
    }

    /// The items of a page that belong to the walk that reads it.
    ///
    /// - Parameter page: as the server sent it.
    /// - Returns: the items up to the first landmark, with it, and whether there was one.
    func taken(from page: Page) -> (page: Page, endsAtLandmark: Bool) {
        guard
            let end = page.items.firstIndex(where: { item in
                item["id"]?.string.map(landmarks.contains) ?? false
            })
        else { return (page, false) }
        return (page.prefix(through: end), true)
    }

    /// The walks' items as one list.
    ///
    /// - Parameter walks: one for each of ``beginnings``, all ended.
    /// - Returns: the list in the server's order; nil where they do not prove to be the whole of it.
    func joined(_ walks: [PageWalk]) -> AssistantList? {
        guard walks.count == beginnings.count else { return nil }
        let walkFrom = Dictionary(zip(beginnings, walks)) { first, _ in first }
        var (items, ids, withoutID) = ([JSONValue](), Set<String>(), 0)
        var next: PageWalk? = walks.first
        for _ in beginnings {
            // Each walk's last item is where the next one began.
            guard let walk = next else { return nil }
            items += walk.items
            withoutID += walk.withoutID
            for item in walk.items {
                guard let id = item["id"]?.string, ids.insert(id).inserted else { return nil }
            }
            next = walk.items.last?["id"]?.string.flatMap { walkFrom[$0] }
        }
        return next == nil ? AssistantList(items: items, withoutID: withoutID) : nil
    }
}

extension AssistantsClient {
    /// Reads every assistant of the server, many pages at once where the server's cursors are what they should be.
    ///
    /// - Parameters:
    ///   - ids: assistants that were there a moment ago, roughly oldest first.
    ///   - walk: how the list is read when they do not help.
    ///   - parallelism: pages asked for at once.
    ///   - limit: objects on a page, 1 to 100.
    /// - Returns: the assistants, each once.
    /// - Throws: ``AssistantsError``.
    package func allAssistants(
        knowing ids: [String], walk: ListWalk, parallelism: Int, limit: Int = AssistantsProtocol.maximumPageSize
    ) async throws(AssistantsError) -> AssistantList {
        guard walk != .onePage, let known = KnownList(knowing: ids, limit: limit) else {
            return try await allAssistants(walk: walk, limit: limit)
        }
        let walks = await known.beginnings.concurrentlyMapped(atOnce: parallelism) { beginning in
            await self.walk(from: beginning, in: known, limit: limit)
        }
        if let list = known.joined(walks.compactMap { $0 }) { return list }
        return try await allAssistants(walk: walk, limit: limit)
    }

    /// - Returns: nil where a page cannot be had; whoever reads the list in order will be told why.
    private func walk(from beginning: String?, in known: KnownList, limit: Int) async -> PageWalk? {
        var walk = PageWalk(limit: limit, after: beginning)
        let watch = Stopwatch(clock)
        while let after = walk.cursor {
            do {
                try check(watch, walk, "GET /assistants")
                let (page, isAtEnd) = known.taken(from: try await listAssistants(limit: limit, after: after.id))
                walk.take(page)
                if isAtEnd { break }
            } catch {
                return nil
            }
        }
        return walk
    }
}
