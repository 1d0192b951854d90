import Synchronization

/// How many requests may be under way at once, learned from a server's 429s: a pure value.
///
/// Additive increase, multiplicative decrease: a refusal halves the limit, each work that ends without one earns a part
/// of a place back.
package struct AdaptiveLimit: Equatable, Sendable {
    private let maximum: Int
    private var places: Double
    /// Ends to wait for before the places are halved again, so that one burst of refusals counts once.
    private var grace = 0

    /// - Parameter maximum: the limit at first, at least 1; never exceeded.
    package init(maximum: Int) {
        self.maximum = max(maximum, 1)
        places = Double(self.maximum)
    }

    /// How many may be under way now, at least 1.
    package var limit: Int { max(Int(places), 1) }

    /// Takes in one work that ended.
    ///
    /// - Parameter turnedAway: whether the server has said 429 since the last one ended.
    package mutating func end(turnedAway: Bool) {
        grace -= 1
        if !turnedAway {
            places = min(places + 1 / places, Double(maximum))
        } else if grace <= 0 {
            grace = limit
            places = max(places / 2, 1)
        }
    }
}

/// Counts how often a server said that there were too many requests.
package final class TurnedAwayCounter: Sendable {
    private let count = Mutex(0)

    package init() {}

    /// Takes in one attempt of one request.
    package func take(_ event: RequestEvent) {
        guard event.outcome == .answered(status: 429) else { return }
        count.withLock { $0 += 1 }
    }

    /// The count since the last call.
    package func reset() -> Int {
        count.withLock { count in
            defer { count = 0 }
            return count
        }
    }
}
