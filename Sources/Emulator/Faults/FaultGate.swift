import Synchronization

/// Decides for each request which faults it meets, and counts.
final class FaultGate: Sendable {
    private struct Counter {
        /// By path where the fault counts each path for itself, else under one name.
        var seen: [String: Int] = [:]
        var used: [String: Int] = [:]
        var generator: SplitMix
    }

    private let entries: [FaultPlan.Entry]
    private let counters: Mutex<[Counter]>

    init(_ plan: FaultPlan) {
        entries = plan.entries
        counters = Mutex(plan.entries.map { Counter(generator: SplitMix(state: $0.seed)) })
    }

    /// Whether no request can ever meet a fault.
    var isIdle: Bool { entries.isEmpty }

    /// The faults of one request, in the order in which they were given.
    ///
    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - path: the path below the base, such as `/assistants`.
    /// - Returns: none for most requests.
    func faults(_ method: String, _ path: String) -> [Fault] {
        counters.withLock { counters in
            entries.indices.compactMap { index in
                let entry = entries[index]
                guard entry.method ?? method == method, Self.fits(path, entry.path) else { return nil }
                let name = entry.countsPaths ? path : ""
                counters[index].seen[name, default: 0] += 1
                let (seen, used) = (counters[index].seen[name] ?? 0, counters[index].used[name] ?? 0)
                guard seen > entry.skip, used < entry.count else { return nil }
                guard counters[index].generator.next() < entry.probability else { return nil }
                counters[index].used[name] = used + 1
                return entry.fault
            }
        }
    }

    /// Whether a path fits a pattern in which `*` stands for any text.
    static func fits(_ path: String, _ pattern: String?) -> Bool {
        guard let pattern else { return true }
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return path == pattern }
        guard path.hasPrefix(first) else { return false }
        var rest = path.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let range = rest.firstRange(of: piece) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}

/// A small repeatable source of chance (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SplitMix: Sendable {
    var state: UInt64

    /// A number from 0 up to, but not including, 1.
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) / 9_007_199_254_740_992
    }
}
