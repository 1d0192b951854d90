import JSONModel
import States

/// The contents of `muster.lock.json`, and what each step of an apply makes of them: a pure value.
struct LockDocument: Sendable {
    static let formatVersion = "1.0"

    /// By owner and by the server's id.
    var owners: [String: [String: Marks]] = [:]
    /// By owner: keys of creations that were about to be sent and have no end yet.
    var begun: [String: Set<String>] = [:]

    init() {}

    /// Reads a lock file; nil for anything else.
    init?(_ json: JSONValue) {
        guard let listed = json["owners"]?.object else { return nil }
        for (owner, assistants) in listed {
            for (id, entry) in assistants.object ?? [:] {
                guard let key = entry["assistant"]?.string, let applied = entry["applied"]?.string else { return nil }
                owners[owner, default: [:]][id] = Marks(owner: owner, key: key, applied: applied)
            }
        }
    }

    /// Sorted throughout, so that two branches of a repository merge line by line.
    var json: JSONValue {
        var listed = JSONObject()
        for (owner, assistants) in owners.sorted(by: { $0.key < $1.key }) where !assistants.isEmpty {
            var entries = JSONObject()
            for (id, marks) in assistants.sorted(by: { ($0.value.key, $0.key) < ($1.value.key, $1.key) }) {
                entries[id] = ["assistant": .string(marks.key), "applied": .string(marks.appliedText)]
            }
            listed[owner] = .object(entries)
        }
        return ["format_version": .string(Self.formatVersion), "owners": .object(listed)]
    }

    /// Takes one step of the journal; unknown ones are passed over.
    mutating func take(_ step: JSONValue) {
        guard let owner = step["owner"]?.string else { return }
        let (id, key) = (step["id"]?.string ?? "", step["assistant"]?.string ?? "")
        switch step["op"]?.string {
        case "begin": begun[owner, default: []].insert(key)
        case "keep":
            begun[owner]?.remove(key)
            owners[owner, default: [:]][id] = Marks(owner: owner, key: key, applied: step["applied"]?.string ?? "")
        case "forget": owners[owner]?[id] = nil
        default: break
        }
    }
}
