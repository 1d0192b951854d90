package import EmulatorCore

/// Which faults a local server has, and for which requests.
///
/// A fault is written `NAME=VALUE`, or `NAME` alone, and may be limited by options after commas:
///
/// - `path=PATTERN`: the path below the base, such as `/assistants` or `/threads/*/runs`, where `*` stands for any text;
/// - `method=POST`;
/// - `nth=3`: only the third request that fits; or `skip=2`: not the first two, and `count=1`: at most one;
/// - `per=path`: each path counts for itself, so that `count=1,per=path` meets every first try;
/// - `probability=0.5` with `seed=7`: a repeatable half of the requests.
///
/// So `cut=after,path=/assistants,method=POST,nth=3` loses the answer to the third creation.
package struct FaultPlan: Sendable {
    struct Entry: Equatable, Sendable {
        var fault: Fault
        /// nil means any path.
        var path: String?
        var method: String?
        var skip = 0
        var count = Int.max
        /// Whether `skip` and `count` count each path for itself.
        var countsPaths = false
        var probability = 1.0
        var seed: UInt64 = 1
    }

    let entries: [Entry]

    /// No faults.
    package init() {
        entries = []
    }

    /// Reads faults as they stand on a command line.
    ///
    /// - Parameter specifications: one fault each.
    /// - Throws: ``SettingsError`` naming the first that is wrong.
    package init(parsing specifications: [String]) throws(SettingsError) {
        var entries: [Entry] = []
        for specification in specifications { entries.append(try Self.entry(specification)) }
        self.entries = entries
    }

    /// The names that ``init(parsing:)`` knows, each with its values.
    package static var names: [String] { FaultNames.known }

    /// How the ids of new objects shall look, if a fault says so.
    var idForm: Fault.IDForm? {
        for case .ids(let form) in entries.map(\.fault) { return form }
        return nil
    }

    private static func entry(_ specification: String) throws(SettingsError) -> Entry {
        let parts = specification.split(separator: ",").map(String.init)
        guard let first = parts.first else { throw SettingsError("a fault needs a name") }
        let (name, value) = pair(first)
        var entry = Entry(fault: try FaultNames.fault(name, value))
        for option in parts.dropFirst() { try apply(option, to: &entry) }
        return entry
    }

    private static func apply(_ option: String, to entry: inout Entry) throws(SettingsError) {
        let (name, value) = pair(option)
        switch name {
        case "path": entry.path = value
        case "method": entry.method = value.uppercased()
        case "skip": entry.skip = try FaultNames.number(name, value)
        case "count": entry.count = try FaultNames.number(name, value)
        case "nth":
            entry.skip = max(try FaultNames.number(name, value) - 1, 0)
            entry.count = 1
        case "per" where value == "path": entry.countsPaths = true
        case "seed": entry.seed = UInt64(try FaultNames.number(name, value))
        case "probability":
            guard let probability = Double(value), (0...1).contains(probability) else {
                throw SettingsError("probability needs a number from 0 to 1, not \"\(value)\"")
            }
            entry.probability = probability
        default:
            let known = "path, method, nth, skip, count, per=path, probability, seed"
            throw SettingsError("unknown option \"\(name)\"; known are \(known)")
        }
    }

    private static func pair(_ text: String) -> (String, String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }
}
