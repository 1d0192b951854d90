import JSONModel
package import States

/// What a reviewer should look at first, most important first.
package enum Risk: Int, CaseIterable, Sendable, Comparable {
    /// An assistant is deleted.
    case deletion
    /// An assistant gets another id.
    case replacement
    /// The spec and the server changed the same field.
    case conflict
    /// Somebody's edit on the server is overwritten.
    case drift
    /// What would be overwritten may be somebody's edit: the marks do not say.
    case unknownEdit
    /// `lifecycle.prevent_destroy` is lifted.
    case protectionLifted
    /// A function or built-in tool is taken away.
    case toolRemoved
    /// A function loses an argument, or requires one that it did not.
    case argumentsChanged
    case modelChanged
    /// Less than half of the instructions stays.
    case promptRewritten

    package static func < (left: Risk, right: Risk) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The risks of one change.
    package static func risks(of change: AssistantChange) -> [Risk] {
        switch change.action {
        case .none, .create: return []
        case .delete: return [.deletion]
        case .update, .replace: return allCases.filter { $0.applies(to: change) }
        }
    }

    private func applies(to change: AssistantChange) -> Bool {
        switch self {
        case .deletion: false
        case .replacement: change.action == .replace
        case .conflict: change.fields.contains { $0.cause == .conflict }
        case .drift: change.fields.contains { $0.cause == .drift }
        case .unknownEdit: change.fields.contains { $0.cause == .unknown }
        case .protectionLifted: change.protection?.before == true
        case .toolRemoved: change.toolRemarks.contains { if case .removed = $0 { true } else { false } }
        case .argumentsChanged: change.toolRemarks.contains { if case .removed = $0 { false } else { true } }
        case .modelChanged: change.field(.model) != nil
        case .promptRewritten: change.field(.instructions).map(Self.rewrites) ?? false
        }
    }

    private static func rewrites(_ change: FieldChange) -> Bool {
        guard !change.isSecret, let old = change.before.string, !old.isEmpty else { return false }
        return WordDiff.sharedShare(of: old, and: change.after.string ?? "") < 0.5
    }
}

extension AssistantChange {
    /// What its tools lose and newly require; empty where they are secret or stay.
    package var toolRemarks: [ToolRemark] {
        guard let tools = field(.tools), !tools.isSecret, action == .update || action == .replace else { return [] }
        return ToolRemark.remarks(from: tools.before, to: tools.after)
    }

    /// The change of one field; nil when it does not differ.
    package func field(_ field: AssistantField) -> FieldChange? {
        fields.first { $0.field == field }
    }
}
