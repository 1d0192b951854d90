import JSONModel
import Planning
import States
import TextSafety

/// One field of a review as rows of an old and a new side. The style sheet puts them beside or below each other.
enum FieldHTML {
    static func text(_ change: FieldChange, of item: AssistantChange) -> String {
        let isDrift = item.action != .create && item.action != .delete && change.cause != .change
        let cause = isDrift ? " <span class=\"risk\">\(change.cause.rawValue)</span>" : ""
        return "<h3>\(change.field.rawValue)\(cause)</h3>\n<div class=\"diff\">\n\(rows(change, of: item))</div>\n"
    }

    private static func rows(_ change: FieldChange, of item: AssistantChange) -> String {
        let isRemoved = change.direction(item.action) == .removed
        switch FieldDiff(change, action: item.action) {
        case .secret: return note("(sensitive value)")
        case .value(let value): return whole(shown(value), isRemoved)
        case .lines(let lines): return whole(lines.map { InertText.html($0) }.joined(separator: "\n"), isRemoved)
        case .tools(let tools): return tools.map { whole(shown($0), isRemoved) }.joined()
        case .replaced(let before, let after): return row(shown(before), shown(after))
        case .text(let diff) where diff.differsInFinalBreakOnly: return note("only the line break at the end differs")
        case .text(let diff): return text(diff)
        case .changes(let changes): return changes.map(value).joined()
        }
    }

    /// Documents are laid out, texts keep their quotes, so that `"1"` and `1` look different.
    private static func shown(_ value: JSONValue) -> String {
        InertText.htmlLines(value.text(.pretty))
    }

    private static func value(_ change: ValueChange) -> String {
        let path = change.path.joined(separator: ".").replacing(".[", with: "[")
        let heading = "<p class=\"path\">\(InertText.html(path))</p>\n"
        return switch (change.before, change.after) {
        case (let before?, let after?): heading + row(shown(before), shown(after))
        case (let before?, nil): heading + whole(shown(before), true)
        case (nil, let after?): heading + whole(shown(after), false)
        case (nil, nil): heading
        }
    }

    /// Lines removed and added in one place stand beside each other.
    static func text(_ diff: TextDiff) -> String {
        var rows: [String] = []
        var removed: [String] = []
        var added: [String] = []
        func flush() {
            for place in 0..<max(removed.count, added.count) {
                rows.append(
                    row(place < removed.count ? removed[place] : nil, place < added.count ? added[place] : nil))
            }
            removed = []
            added = []
        }
        for line in diff.rows {
            switch line {
            case .removed(let segments): removed.append(words(segments, "del"))
            case .added(let segments): added.append(words(segments, "ins"))
            case .context(let line):
                flush()
                let text = InertText.html(line)
                rows.append(
                    "<div class=\"row same\"><pre class=\"old\">\(text)</pre><pre class=\"new\">\(text)</pre></div>\n")
            case .hidden(let count):
                flush()
                rows.append(note("\(count) unchanged \(count == 1 ? "line" : "lines") hidden"))
            }
        }
        flush()
        if diff.differsInFinalBreak { rows.append(note("the line break at the end differs")) }
        return rows.joined()
    }

    private static func words(_ segments: [TextDiff.Segment], _ tag: String) -> String {
        segments.map { segment in
            let text = InertText.html(segment.text)
            return segment.isChanged ? "<\(tag)>\(text)</\(tag)>" : text
        }.joined()
    }

    private static func row(_ before: String?, _ after: String?) -> String {
        let old = before.map { "<pre class=\"old removed\">\($0)</pre>" } ?? "<pre class=\"old none\"></pre>"
        let new = after.map { "<pre class=\"new added\">\($0)</pre>" } ?? "<pre class=\"new none\"></pre>"
        return "<div class=\"row\">\(old)\(new)</div>\n"
    }

    private static func whole(_ text: String, _ isRemoved: Bool) -> String {
        let (side, kind) = isRemoved ? ("old", "removed") : ("new", "added")
        return "<div class=\"row whole\"><pre class=\"\(side) \(kind)\">\(text)</pre></div>\n"
    }

    private static func note(_ text: String) -> String {
        "<p class=\"hidden\">\(text)</p>\n"
    }
}
