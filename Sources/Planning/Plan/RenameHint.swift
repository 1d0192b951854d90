import JSONModel
import States

/// Finds out that a spec which went and one that came are probably one assistant: an apply would delete the one and create
/// the other under a new id, which programs have written down.
enum RenameHint {
    /// An assistant that goes or comes, with what its spec or the server says.
    struct Side {
        let key: AssistantKey
        let fields: [AssistantField: JSONValue]
    }

    /// Texts shorter than this are alike by chance (bytes).
    private static let shortestInstructions = 20

    /// One note for each new key that looks like one that goes.
    static func notes(gone: [Side], new: [Side]) -> [PlanNote] {
        gone.sorted { $0.key < $1.key }.compactMap { old in
            guard let twin = new.first(where: { isSame($0, old) }) else { return nil }
            return PlanNote(
                .renamed, key: twin.key,
                "it looks like \(old.key) under another key; without moved_from: \(old.key) an apply deletes that one "
                    + "and creates another")
        }
    }

    /// Equal instructions of some length, or everything equal.
    private static func isSame(_ a: Side, _ b: Side) -> Bool {
        if let text = a.fields[.instructions]?.string, text.utf8.count >= shortestInstructions,
            a.fields[.instructions] == b.fields[.instructions]
        {
            return true
        }
        return AssistantField.allCases.allSatisfy { $0.normalForm(of: a.fields[$0]) == $0.normalForm(of: b.fields[$0]) }
    }
}
