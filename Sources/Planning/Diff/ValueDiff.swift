package import JSONModel
import States

/// One place where two values differ.
package struct ValueChange: Hashable, Sendable {
    /// Member names and positions from the root, such as `["SEARCH", "parameters", "required", "[1]"]`.
    package let path: [String]
    /// Nil where the place is new.
    package let before: JSONValue?
    /// Nil where the place is gone.
    package let after: JSONValue?

    package init(path: [String], before: JSONValue?, after: JSONValue?) {
        self.path = path
        self.before = before
        self.after = after
    }
}

/// The difference of two values, path by path.
package enum ValueDiff {
    /// Compares two values: objects without key order, arrays in order.
    package static func changes(from old: JSONValue, to new: JSONValue) -> [ValueChange] {
        var changes: [ValueChange] = []
        compare(old, new, at: [], into: &changes)
        return changes
    }

    /// Compares two lists of tools, matched by ``ToolIdentity`` whatever their order.
    package static func toolChanges(from old: JSONValue, to new: JSONValue) -> [ValueChange] {
        let before = tools(old)
        let after = tools(new)
        var changes: [ValueChange] = []
        for (name, tool) in before where after[name] == nil {
            changes.append(ValueChange(path: [name], before: tool, after: nil))
        }
        for (name, tool) in after {
            guard let known = before[name] else {
                changes.append(ValueChange(path: [name], before: nil, after: tool))
                continue
            }
            compare(contents(known), contents(tool), at: [name], into: &changes)
        }
        return changes
    }

    /// In the order of the list, so that a plan reads like the spec.
    private static func tools(_ list: JSONValue) -> JSONObject {
        var tools = JSONObject()
        for tool in list.array ?? [] {
            let label = ToolIdentity(tool).label
            let number = (1...).first { tools[$0 == 1 ? label : "\(label) #\($0)"] == nil } ?? 1
            tools[number == 1 ? label : "\(label) #\(number)"] = tool
        }
        return tools
    }

    /// What people wrote under `function:`, which is all that differs between two functions of one name; in normal form,
    /// so that additions of the server are no difference.
    private static func contents(_ tool: JSONValue) -> JSONValue {
        let normal = AssistantField.tools.normalForm(of: [tool])[0] ?? tool
        return normal["function"] ?? normal
    }

    private static func compare(
        _ old: JSONValue, _ new: JSONValue, at path: [String], into changes: inout [ValueChange]
    ) {
        guard old != new else { return }
        switch (old, new) {
        case (.object(let before), .object(let after)):
            for (key, value) in before where after[key] == nil {
                changes.append(ValueChange(path: path + [key], before: value, after: nil))
            }
            for (key, value) in after {
                guard let known = before[key] else {
                    changes.append(ValueChange(path: path + [key], before: nil, after: value))
                    continue
                }
                compare(known, value, at: path + [key], into: &changes)
            }
        case (.array(let before), .array(let after)):
            compare(before, after, at: path, into: &changes)
        default:
            changes.append(ValueChange(path: path, before: old, after: new))
        }
    }

    private static func compare(
        _ old: [JSONValue], _ new: [JSONValue], at path: [String], into changes: inout [ValueChange]
    ) {
        if old.count == new.count, old.contains(where: { $0.object != nil }) {
            for (place, pair) in zip(old, new).enumerated() {
                compare(pair.0, pair.1, at: path + ["[\(place)]"], into: &changes)
            }
            return
        }
        var (before, after) = (0, 0)
        for edit in SequenceDiff.edits(from: old, to: new) {
            switch edit {
            case .keep:
                before += 1
                after += 1
            case .remove(let value):
                changes.append(ValueChange(path: path + ["[\(before)]"], before: value, after: nil))
                before += 1
            case .insert(let value):
                changes.append(ValueChange(path: path + ["[\(after)]"], before: nil, after: value))
                after += 1
            }
        }
    }
}
