/// One step from an old sequence to a new one.
package enum Edit<Element: Hashable & Sendable>: Hashable, Sendable {
    case keep(Element)
    case remove(Element)
    case insert(Element)
}

/// The shortest way from one sequence to another: Myers' O(ND) algorithm in its linear-space form ("An O(ND) Difference
/// Algorithm and Its Variations", 1986, section 4b).
package enum SequenceDiff {
    /// Steps of search after which two stretches count as wholly different: a text that was rewritten has no shortest
    /// way worth minutes.
    private static let searchBudget = 2_000_000

    /// The edits from `old` to `new`; removals stand before insertions.
    package static func edits<Element: Hashable & Sendable>(
        from old: [Element], to new: [Element]
    ) -> [Edit<Element>] {
        // What only one side has is in no common subsequence, so the search need not see it.
        let (inOld, inNew) = (Set(old), Set(new))
        let sharedOld = old.indices.filter { inNew.contains(old[$0]) }
        let sharedNew = new.indices.filter { inOld.contains(new[$0]) }
        let numbers = Dictionary(uniqueKeysWithValues: inOld.intersection(inNew).enumerated().map { ($1, $0) })
        var search = MyersSearch(
            old: sharedOld.map { numbers[old[$0]] ?? 0 }, new: sharedNew.map { numbers[new[$0]] ?? 0 },
            budget: searchBudget)
        search.compare(0..<sharedOld.count, 0..<sharedNew.count)
        var isRemoved = Array(repeating: true, count: old.count)
        for (place, index) in sharedOld.enumerated() { isRemoved[index] = search.isRemoved[place] }
        var isInserted = Array(repeating: true, count: new.count)
        for (place, index) in sharedNew.enumerated() { isInserted[index] = search.isInserted[place] }
        var edits: [Edit<Element>] = []
        edits.reserveCapacity(old.count + new.count)
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, isRemoved[i] {
                edits.append(.remove(old[i]))
                i += 1
            } else if j < new.count, isInserted[j] {
                edits.append(.insert(new[j]))
                j += 1
            } else {
                edits.append(.keep(old[i]))
                i += 1
                j += 1
            }
        }
        return edits
    }
}

/// Marks what was removed and inserted, by splitting at the middle of the shortest way and going on with both halves.
private struct MyersSearch {
    let old: [Int]
    let new: [Int]
    var isRemoved: [Bool]
    var isInserted: [Bool]
    private var budget: Int
    /// No point of the grid: no way leads here.
    private static let unreachable = Int.min / 2

    init(old: [Int], new: [Int], budget: Int) {
        self.old = old
        self.new = new
        self.budget = budget
        isRemoved = Array(repeating: false, count: old.count)
        isInserted = Array(repeating: false, count: new.count)
    }

    mutating func compare(_ a: Range<Int>, _ b: Range<Int>) {
        var (a, b) = (a, b)
        while let x = a.first, let y = b.first, old[x] == new[y] {
            a = (x + 1)..<a.upperBound
            b = (y + 1)..<b.upperBound
        }
        while let x = a.last, let y = b.last, old[x] == new[y] {
            a = a.lowerBound..<x
            b = b.lowerBound..<y
        }
        guard !a.isEmpty, !b.isEmpty, let split = middle(a, b) else {
            for x in a { isRemoved[x] = true }
            for y in b { isInserted[y] = true }
            return
        }
        compare(a.lowerBound..<split.x, b.lowerBound..<split.y)
        compare(split.x..<a.upperBound, split.y..<b.upperBound)
    }

    /// A point in the middle of a shortest way through the stretch; nil when the budget runs out first.
    private mutating func middle(_ a: Range<Int>, _ b: Range<Int>) -> (x: Int, y: Int)? {
        let (n, m) = (a.count, b.count)
        let delta = n - m
        let reach = (n + m + 1) / 2 + 1
        var forward = Array(repeating: Self.unreachable, count: 2 * reach + 1)
        var backward = forward
        forward[reach + 1] = 0
        backward[reach + 1] = 0
        for d in 0...reach - 1 {
            budget -= 2 * d
            guard budget > 0 else { return nil }
            for k in stride(from: -d, through: d, by: 2) {
                var x = step(forward, reach, k, n, m)
                while x >= 0, x < n, x - k < m, old[a.lowerBound + x] == new[b.lowerBound + x - k] { x += 1 }
                forward[reach + k] = x
                guard x >= 0, delta % 2 != 0, abs(delta - k) < d else { continue }
                if x + backward[reach + delta - k] >= n { return (a.lowerBound + x, b.lowerBound + x - k) }
            }
            for k in stride(from: -d, through: d, by: 2) {
                var x = step(backward, reach, k, n, m)
                while x >= 0, x < n, x - k < m, old[a.upperBound - 1 - x] == new[b.upperBound - 1 - x + k] { x += 1 }
                backward[reach + k] = x
                guard x >= 0, delta % 2 == 0, abs(delta - k) <= d else { continue }
                if x + forward[reach + delta - k] >= n { return (a.upperBound - x, b.upperBound - x + k) }
            }
        }
        return nil
    }

    /// The farthest point on diagonal `k` that one more step reaches without leaving the grid.
    private func step(_ frontier: [Int], _ reach: Int, _ k: Int, _ n: Int, _ m: Int) -> Int {
        let down = frontier[reach + k + 1]
        let right = frontier[reach + k - 1] + 1
        let canGoDown = down >= 0 && down - k <= m && down <= n
        let canGoRight = right >= 1 && right <= n
        switch (canGoDown, canGoRight) {
        case (true, true): return max(down, right)
        case (true, false): return down
        case (false, true): return right
        case (false, false): return Self.unreachable
        }
    }
}
