import JSONModel
import Planning
import States

/// One field of a plan's block.
struct FieldText {
    let palette: Palette
    private let indent = "      "
    /// Beyond this many columns a changed line shows only the neighbourhood of its changed words.
    private let longLine = 160

    func lines(_ change: FieldChange, action: AssistantChange.Action, nameWidth: Int) -> [String] {
        let name = DisplayText.padded(change.field.rawValue, to: nameWidth)
        let sign = sign(change, action)
        let suffix =
            action != .create && action != .delete && change.cause != .change
            ? palette.paint("  # \(change.cause.rawValue)", .warning) : ""
        if change.isSecret { return ["\(indent)\(sign) \(name) = (sensitive value)\(suffix)"] }
        switch action {
        case .create: return whole(change.after, name: "\(indent)\(sign) \(name)", sign: "+")
        case .delete: return whole(change.before, name: "\(indent)\(sign) \(name)", sign: "-")
        case .update, .replace, .none: return difference(change, name: "\(indent)\(sign) \(name)", suffix: suffix)
        }
    }

    private func sign(_ change: FieldChange, _ action: AssistantChange.Action) -> String {
        let isNothing = { (value: JSONValue) in value.isNull || value == [] || value == [:] || value == "" }
        if action == .create || isNothing(change.before) { return palette.paint("+", .added) }
        if action == .delete || isNothing(change.after) { return palette.paint("-", .removed) }
        return palette.paint("~", .changed)
    }

    /// A value that is all new or all gone.
    private func whole(_ value: JSONValue, name: String, sign: String) -> [String] {
        if let text = value.string, text.contains("\n") {
            let lines = (text.hasSuffix("\n") ? text.dropLast() : text[...])
                .split(separator: "\n", omittingEmptySubsequences: false)
            return ["\(name) = <<-EOT"] + lines.map { context(String($0)) } + ["\(indent)  EOT"]
        }
        if let tools = value.array, tools.allSatisfy({ $0["type"] != nil }), !tools.isEmpty {
            return ["\(name) = ["] + tools.map { "\(indent)      \(sign) \(summary($0))" } + ["\(indent)  ]"]
        }
        return ["\(name) = \(shown(value))"]
    }

    private func difference(_ change: FieldChange, name: String, suffix: String) -> [String] {
        if let old = change.before.string, let new = change.after.string, isText(change.field) {
            return text(from: old, to: new, name: name, suffix: suffix)
        }
        switch change.field {
        case .tools:
            return ["\(trimmed(name))\(suffix)"] + values(ValueDiff.toolChanges(from: change.before, to: change.after))
        case .metadata, .toolResources, .responseFormat:
            guard change.before.object != nil, change.after.object != nil else { break }
            return ["\(trimmed(name))\(suffix)"] + values(ValueDiff.changes(from: change.before, to: change.after))
        default: break
        }
        return ["\(name) = \(shown(change.before)) -> \(shown(change.after))\(suffix)"]
    }

    /// A heading needs no column of its own.
    private func trimmed(_ name: String) -> String {
        name.replacing(/\ +$/, with: "")
    }

    private func isText(_ field: AssistantField) -> Bool {
        field == .instructions || field == .description
    }

    private func values(_ changes: [ValueChange]) -> [String] {
        changes.map { change in
            let path = change.path.map(DisplayText.inert).joined(separator: ".").replacing(".[", with: "[")
            switch (change.before, change.after) {
            case (nil, let after?): return "\(indent)    \(palette.paint("+", .added)) \(path) = \(brief(after))"
            case (let before?, nil): return "\(indent)    \(palette.paint("-", .removed)) \(path) = \(brief(before))"
            case (let before?, let after?):
                return "\(indent)    \(palette.paint("~", .changed)) \(path) = \(brief(before)) -> \(brief(after))"
            case (nil, nil): return ""
            }
        }
    }

    private func text(from old: String, to new: String, name: String, suffix: String) -> [String] {
        let diff = TextDiff(from: old, to: new)
        if diff.differsInFinalBreakOnly {
            return ["\(name)  # only the line break at the end differs"]
        }
        // The count of hidden lines at the end shares the line of the end mark: a small edit should take few lines.
        guard case .hidden(let count)? = diff.rows.last else {
            return ["\(name) = <<-EOT\(suffix)"] + diff.rows.map(row) + ["\(indent)  EOT"]
        }
        let end = palette.paint(hidden(count), .dim)
        return ["\(name) = <<-EOT\(suffix)"] + diff.rows.dropLast().map(row) + ["\(indent)  EOT  \(end)"]
    }

    private func hidden(_ count: Int) -> String {
        "# (\(count) unchanged \(count == 1 ? "line" : "lines") hidden)"
    }

    /// A line without a sign; an empty one without indentation either.
    private func context(_ line: String) -> String {
        line.isEmpty ? "" : "\(indent)      \(DisplayText.inert(line))"
    }

    private func row(_ row: TextDiff.Row) -> String {
        switch row {
        case .context(let line): context(DisplayText.cut(line, to: longLine))
        case .removed(let segments):
            "\(indent)    \(palette.paint("-", .removed)) \(line(segments, .removed, .removedWord, ("[-", "-]")))"
        case .added(let segments):
            "\(indent)    \(palette.paint("+", .added)) \(line(segments, .added, .addedWord, ("{+", "+}")))"
        case .hidden(let count):
            "\(indent)      \(palette.paint(hidden(count), .dim))"
        }
    }

    /// Changed words are set off by colour, or by brackets where there is none; a line that is new throughout needs
    /// neither.
    private func line(
        _ segments: [TextDiff.Segment], _ role: Palette.Role, _ wordRole: Palette.Role, _ brackets: (String, String)
    ) -> String {
        let length = segments.reduce(0) { $0 + DisplayText.width($1.text) }
        let isEdited = segments.contains(where: \.isChanged) && segments.contains { !$0.isChanged }
        return segments.enumerated().map { place, segment in
            let text = DisplayText.inert(segment.text)
            guard segment.isChanged, isEdited else {
                let isMiddle = place > 0 && place < segments.count - 1
                let shown =
                    length > longLine && isEdited ? shortened(text, isFirst: place == 0, isMiddle: isMiddle) : text
                return palette.paint(shown, role)
            }
            return palette.isColored ? palette.paint(text, wordRole) : brackets.0 + text + brackets.1
        }.joined()
    }

    /// The ends of an unchanged stretch that touch a changed word.
    private func shortened(_ text: String, isFirst: Bool, isMiddle: Bool) -> String {
        let keep = 30
        guard text.count > 2 * keep + 1 else { return text }
        if isMiddle { return "\(text.prefix(keep))…\(text.suffix(keep))" }
        return isFirst ? "…\(text.suffix(keep))" : "\(text.prefix(keep))…"
    }

    private func summary(_ tool: JSONValue) -> String {
        let identity = ToolIdentity(tool)
        guard !identity.name.isEmpty else { return DisplayText.inert(identity.type) }
        let properties = tool["function"]?["parameters"]?["properties"]?.object?.keys ?? []
        return DisplayText.inert("\(identity.name)(\(properties.joined(separator: ", ")))")
    }

    private func brief(_ value: JSONValue) -> String {
        DisplayText.cut(shown(value), to: longLine)
    }

    private func shown(_ value: JSONValue) -> String {
        if case .number(let number) = value, let whole = Int(exactly: number) { return String(whole) }
        return DisplayText.inert(value.text())
    }
}
