package import JSONModel
import States

/// What there is to show of one field, decided once for every kind of output.
package enum FieldDiff: Hashable, Sendable {
    /// Its values are neither shown nor saved.
    case secret
    /// All new or all gone, on one line.
    case value(JSONValue)
    /// All new or all gone, line by line.
    case lines([String])
    /// Tools that are all new or all gone.
    case tools([JSONValue])
    case replaced(before: JSONValue, after: JSONValue)
    case text(TextDiff)
    case changes([ValueChange])

    /// Which way a field moves.
    package enum Direction: Sendable {
        case added, removed, changed
    }

    /// Compares a field before and after.
    ///
    /// - Parameters:
    ///   - change: the field.
    ///   - action: what happens to its assistant.
    ///   - context: unchanged lines to show around each difference of a text.
    package init(_ change: FieldChange, action: AssistantChange.Action, context: Int = 3) {
        guard !change.isSecret else {
            self = .secret
            return
        }
        switch change.direction(action) {
        case .added: self = Self.whole(change.after)
        case .removed: self = Self.whole(change.before)
        case .changed: self = Self.difference(change, context: context)
        }
    }

    /// A value without a counterpart.
    private static func whole(_ value: JSONValue) -> Self {
        if let text = value.string, text.unicodeScalars.contains("\n") { return .lines(TextDiff.lines(text)) }
        if let tools = value.array, !tools.isEmpty, tools.allSatisfy({ $0["type"] != nil }) { return .tools(tools) }
        return .value(value)
    }

    private static func difference(_ change: FieldChange, context: Int) -> Self {
        switch change.field {
        case .instructions, .description:
            guard let old = change.before.string, let new = change.after.string else { break }
            return .text(TextDiff(from: old, to: new, context: context))
        case .tools: return .changes(ValueDiff.toolChanges(from: change.before, to: change.after))
        case .metadata, .toolResources, .responseFormat, .extra:
            guard change.before.object != nil, change.after.object != nil else { break }
            return .changes(ValueDiff.changes(from: change.before, to: change.after))
        case .name, .model, .temperature, .topP, .reasoningEffort: break
        }
        return .replaced(before: change.before, after: change.after)
    }
}

extension FieldChange {
    /// Which way the field moves when its assistant is created, deleted or updated.
    package func direction(_ action: AssistantChange.Action) -> FieldDiff.Direction {
        let isNothing = { (value: JSONValue) in value.isNull || value == [] || value == [:] || value == "" }
        if action == .create || isNothing(before) { return .added }
        if action == .delete || isNothing(after) { return .removed }
        return .changed
    }
}
