import JSONModel
import Planning
import States
import TextSafety

/// One field of a plan as lines.
struct FieldLines {
    /// Unchanged lines around each difference of a text.
    var context = 3
    /// The most lines that one field may take; the rest is counted.
    var maximumLines = Int.max
    /// The most lines of a text that is all new or all gone; the rest is counted.
    var maximumNewLines = Int.max
    /// Where a field's name begins.
    static let column = 8
    private let inner = FieldLines.column + 4
    /// Beyond this many columns a changed line shows only the neighbourhood of its changed words.
    private let longLine = 160

    func lines(_ change: FieldChange, action: AssistantChange.Action, nameWidth: Int) -> [PlanLine] {
        let lines = all(change, action: action, nameWidth: nameWidth)
        guard lines.count > maximumLines else { return lines }
        let rest = lines.count - maximumLines
        return lines.prefix(maximumLines) + [PlanLine(column: inner, "# (\(rest) more lines)", .dim)]
    }

    private func all(_ change: FieldChange, action: AssistantChange.Action, nameWidth: Int) -> [PlanLine] {
        let padded = DisplayText.padded(change.field.rawValue, to: nameWidth)
        let name = PlanLine.Piece(padded + " = ")
        let sign = PlanLine.Sign(change.direction(action))
        let cause: [PlanLine.Piece] =
            action != .create && action != .delete && change.cause != .change
            ? [.init("  # \(change.cause.rawValue)", .warning)] : []
        func head(_ text: String) -> PlanLine {
            PlanLine(sign, column: Self.column, [name, .init(text)] + cause)
        }
        switch FieldDiff(change, action: action, context: context) {
        case .secret: return [head("(sensitive value)")]
        case .value(let value): return [head(shown(value))]
        case .lines(let lines):
            let rest = lines.count - maximumNewLines
            // A remark takes a line, too.
            let shown = rest > 1 ? lines.prefix(maximumNewLines) : lines[...]
            let more = rest > 1 ? [PlanLine(column: inner, "… \(rest) more lines", .dim)] : []
            return [head("<<-EOT")]
                + shown.map { PlanLine(column: inner, diffSign: sign, [.init(InertText.visible($0))]) } + more + [
                    end("EOT")
                ]
        case .tools(let tools):
            return [head("[")] + tools.map { PlanLine(sign, column: inner + 2, summary($0)) } + [end("]")]
        case .replaced(let before, let after): return [head("\(shown(before)) -> \(shown(after))")]
        case .text(let diff) where diff.differsInFinalBreakOnly:
            return [
                PlanLine(
                    sign, column: Self.column, [.init("\(padded)  # only the line break at the end differs")] + cause)
            ]
        case .text(let diff): return [head("<<-EOT")] + rows(diff)
        case .changes(let changes):
            return [PlanLine(sign, column: Self.column, [.init(change.field.rawValue)] + cause)] + changes.map(value)
        }
    }

    private func end(_ mark: String) -> PlanLine {
        PlanLine(column: Self.column, mark)
    }

    private func value(_ change: ValueChange) -> PlanLine {
        let path = change.path.map(InertText.visible).joined(separator: ".").replacing(".[", with: "[")
        let column = inner
        return switch (change.before, change.after) {
        case (nil, let after?): PlanLine(.added, column: column, "\(path) = \(brief(after))")
        case (let before?, nil): PlanLine(.removed, column: column, "\(path) = \(brief(before))")
        case (let before?, let after?):
            PlanLine(.changed, column: column, "\(path) = \(brief(before)) -> \(brief(after))")
        case (nil, nil): PlanLine(column: column, path)
        }
    }

    /// The difference of two texts.
    func rows(from old: String, to new: String) -> [PlanLine] {
        let lines = rows(TextDiff(from: old, to: new, context: context))
        guard lines.count > maximumLines else { return lines }
        let rest = lines.count - maximumLines
        return lines.prefix(maximumLines) + [PlanLine(column: inner, "# (\(rest) more lines)", .dim)]
    }

    /// The count of hidden lines at the end shares the line of the end mark: a small edit should take few lines.
    private func rows(_ diff: TextDiff) -> [PlanLine] {
        var (rows, remark) = (diff.rows, diff.differsInFinalBreak ? "# the line break at the end differs" : "")
        if case .hidden(let count)? = rows.last {
            rows.removeLast()
            remark = hidden(count) + (remark.isEmpty ? "" : "  " + remark)
        }
        let last = [PlanLine.Piece("EOT")] + (remark.isEmpty ? [] : [.init("  " + remark, .dim)])
        return rows.map(row) + [PlanLine(column: Self.column, last)]
    }

    private func hidden(_ count: Int) -> String {
        "# (\(count) unchanged \(count == 1 ? "line" : "lines") hidden)"
    }

    private func row(_ row: TextDiff.Row) -> PlanLine {
        switch row {
        case .context(let line): PlanLine(column: inner, DisplayText.cut(InertText.visible(line), to: longLine))
        case .removed(let segments): PlanLine(.removed, column: inner, pieces(segments, .removed, .removedWord))
        case .added(let segments): PlanLine(.added, column: inner, pieces(segments, .added, .addedWord))
        case .hidden(let count): PlanLine(column: inner, hidden(count), .dim)
        }
    }

    /// Changed words are set off; a line that is new throughout needs no marks.
    private func pieces(
        _ segments: [TextDiff.Segment], _ role: Palette.Role, _ wordRole: Palette.Role
    ) -> [PlanLine.Piece] {
        let length = segments.reduce(0) { $0 + DisplayText.width($1.text) }
        let isEdited = segments.contains(where: \.isChanged) && segments.contains { !$0.isChanged }
        return segments.enumerated().map { place, segment in
            let text = InertText.visible(segment.text)
            guard !segment.isChanged || !isEdited else { return .init(text, wordRole) }
            guard length > longLine, isEdited else { return .init(text, role) }
            return .init(
                shortened(text, isFirst: place == 0, isMiddle: place > 0 && place < segments.count - 1), role)
        }
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
        guard identity.type == "function" else { return InertText.visible(identity.label) }
        let properties = tool["function"]?["parameters"]?["properties"]?.object?.keys ?? []
        return InertText.visible("\(identity.name)(\(properties.joined(separator: ", ")))")
    }

    private func brief(_ value: JSONValue) -> String {
        DisplayText.cut(shown(value), to: longLine)
    }

    private func shown(_ value: JSONValue) -> String {
        if case .number(let number) = value, let whole = Int(exactly: number) { return String(whole) }
        return InertText.visible(value.text())
    }
}
