import JSONModel
import States

/// The contents of `muster.lock.json`, and what each step of an apply makes of them: a pure value.
struct LockDocument: Sendable {
    static let formatVersion = "1.0"

    /// By owner and by the server's id.
    var owners: [Owner: [AssistantID: Marks]] = [:]
    /// By owner: keys of creations that were about to be sent and have no end yet.
    var begun: [Owner: Set<AssistantKey>] = [:]

    init() {}

    /// Reads a lock file; nil for anything else.
    init?(_ json: JSONValue) {
        guard let listed = json["owners"]?.object else { return nil }
        for (name, assistants) in listed {
            guard let owner = Owner(name) else { return nil }
            for (id, entry) in assistants.object ?? [:] {
                guard let id = AssistantID(id), let key = entry["assistant"]?.string.flatMap(AssistantKey.init),
                    let applied = entry["applied"]?.string
                else { return nil }
                owners[owner, default: [:]][id] = Marks(owner: owner, key: key, applied: applied)
            }
        }
    }

    /// Sorted throughout, so that two branches of a repository merge line by line.
    var json: JSONValue {
        var listed = JSONObject()
        for (owner, assistants) in owners.sorted(by: { $0.key.text < $1.key.text }) where !assistants.isEmpty {
            var entries = JSONObject()
            for (id, marks) in assistants.sorted(by: { ($0.value.key, $0.key) < ($1.value.key, $1.key) }) {
                entries[id.text] = ["assistant": .string(marks.key.text), "applied": .string(marks.appliedText)]
            }
            listed[owner.text] = .object(entries)
        }
        return ["format_version": .string(Self.formatVersion), "owners": .object(listed)]
    }

    /// Takes one step of the journal; unknown ones are passed over.
    mutating func take(_ step: JSONValue) {
        guard let owner = step["owner"]?.string.flatMap(Owner.init) else { return }
        let id = step["id"]?.string.flatMap(AssistantID.init)
        let key = step["assistant"]?.string.flatMap(AssistantKey.init)
        switch (step["op"]?.string, id, key) {
        case ("begin", _, let key?): begun[owner, default: []].insert(key)
        case ("keep", let id?, let key?):
            begun[owner]?.remove(key)
            owners[owner, default: [:]][id] = Marks(owner: owner, key: key, applied: step["applied"]?.string ?? "")
        case ("forget", let id?, _): owners[owner]?[id] = nil
        default: break
        }
    }
}
