/// The difference of two texts by line, and by word where a line was only edited.
package struct TextDiff: Hashable, Sendable {
    /// A stretch of a line; the changed ones are what a reader should look at.
    package struct Segment: Hashable, Sendable {
        package let text: String
        package let isChanged: Bool
    }

    package enum Row: Hashable, Sendable {
        case context(String)
        case removed([Segment])
        case added([Segment])
        /// Unchanged lines that are left out.
        case hidden(Int)
    }

    package let rows: [Row]
    /// Lines that came, that went, and those of the new text.
    package var size: (added: Int, removed: Int, total: Int) {
        var size = (added: 0, removed: 0, total: 0)
        for row in rows {
            switch row {
            case .context: size.total += 1
            case .hidden(let count): size.total += count
            case .added: (size.added, size.total) = (size.added + 1, size.total + 1)
            case .removed: size.removed += 1
            }
        }
        return size
    }

    /// One text ends with a line break, the other does not.
    package let differsInFinalBreak: Bool
    /// The texts differ in nothing but that.
    package let differsInFinalBreakOnly: Bool

    /// Compares two texts.
    ///
    /// - Parameters:
    ///   - old: before.
    ///   - new: after.
    ///   - context: unchanged lines to show before and after each difference.
    package init(from old: String, to new: String, context: Int = 3) {
        let (before, after) = (Self.lines(old), Self.lines(new))
        rows = Self.folded(Self.paired(SequenceDiff.edits(from: before, to: after)), context: context)
        differsInFinalBreak = Self.endsLine(old) != Self.endsLine(new)
        differsInFinalBreakOnly = differsInFinalBreak && before == after
    }

    /// The lines of a text, without the nothing behind a line break at its end. Only U+000A ends a line: a carriage
    /// return before it is a difference like any other.
    package static func lines(_ text: String) -> [String] {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        return (endsLine(text) ? lines.dropLast() : lines[...]).map(String.init)
    }

    private static func endsLine(_ text: String) -> Bool {
        text.utf8.last == UInt8(ascii: "\n")
    }

    /// Marks words where as many lines were removed as added in one place, or where two lines share most of their words:
    /// those are edits of one another.
    private static func paired(_ edits: [Edit<String>]) -> [Row] {
        var rows: [Row] = []
        var removed: [String] = []
        var added: [String] = []
        func flush() {
            let isEdit = removed.count == added.count
            let marked = zip(removed, added).map { old, new in
                isEdit || WordDiff.sharedShare(of: old, and: new) > 0.5 ? WordDiff.segments(from: old, to: new) : nil
            }
            func segments(_ place: Int) -> (old: [Segment], new: [Segment])? {
                place < marked.count ? marked[place] : nil
            }
            for (place, line) in removed.enumerated() { rows.append(.removed(segments(place)?.old ?? [whole(line)])) }
            for (place, line) in added.enumerated() { rows.append(.added(segments(place)?.new ?? [whole(line)])) }
            removed = []
            added = []
        }
        for edit in edits {
            switch edit {
            case .keep(let line):
                flush()
                rows.append(.context(line))
            case .remove(let line): removed.append(line)
            case .insert(let line): added.append(line)
            }
        }
        flush()
        return rows
    }

    private static func whole(_ line: String) -> Segment {
        Segment(text: line, isChanged: false)
    }

    /// Keeps `context` unchanged lines around differences and counts the rest.
    private static func folded(_ rows: [Row], context: Int) -> [Row] {
        var isShown = Array(repeating: false, count: rows.count)
        for (place, row) in rows.enumerated() {
            if case .context = row { continue }
            for near in max(0, place - context)...min(rows.count - 1, place + context) { isShown[near] = true }
        }
        var result: [Row] = []
        var hidden = 0
        for (place, row) in rows.enumerated() {
            if isShown[place] {
                if hidden > 0 { result.append(.hidden(hidden)) }
                hidden = 0
                result.append(row)
            } else {
                hidden += 1
            }
        }
        if hidden > 0 { result.append(.hidden(hidden)) }
        return result
    }
}

/// Finds the words that changed within one line; Chinese, Japanese and Korean by character.
enum WordDiff {
    static func segments(from old: String, to new: String) -> (old: [TextDiff.Segment], new: [TextDiff.Segment]) {
        let edits = SequenceDiff.edits(from: words(old), to: words(new))
        var before: [TextDiff.Segment] = []
        var after: [TextDiff.Segment] = []
        for (place, edit) in edits.enumerated() {
            switch edit {
            case .keep(let word):
                // A space between two changed words is no word that stayed.
                let isGap = word.allSatisfy(\.isWhitespace) && isChange(edits, place - 1) && isChange(edits, place + 1)
                append(word, isGap, to: &before)
                append(word, isGap, to: &after)
            case .remove(let word): append(word, true, to: &before)
            case .insert(let word): append(word, true, to: &after)
            }
        }
        return (before, after)
    }

    private static func isChange(_ edits: [Edit<String>], _ place: Int) -> Bool {
        guard edits.indices.contains(place) else { return false }
        if case .keep = edits[place] { return false }
        return true
    }

    /// How much of the longer text both have, from 0 to 1, by words without their order: enough to tell an edit from
    /// another text.
    static func sharedShare(of old: String, and new: String) -> Double {
        var counts: [String: Int] = [:]
        for word in words(old) { counts[word, default: 0] += 1 }
        var shared = 0
        for word in words(new) {
            guard let count = counts[word], count > 0 else { continue }
            counts[word] = count - 1
            shared += word.utf8.count
        }
        return Double(shared) / Double(max(old.utf8.count, new.utf8.count, 1))
    }

    private static func append(_ word: String, _ isChanged: Bool, to segments: inout [TextDiff.Segment]) {
        if let last = segments.last, last.isChanged == isChanged {
            segments[segments.count - 1] = TextDiff.Segment(text: last.text + word, isChanged: isChanged)
        } else {
            segments.append(TextDiff.Segment(text: word, isChanged: isChanged))
        }
    }

    /// Runs of letters and digits, runs of spaces, and single characters of any other kind.
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var previous = Kind.single
        for character in line {
            let kind = Kind(character)
            if kind != .single, kind == previous {
                words[words.count - 1].append(character)
            } else {
                words.append(String(character))
            }
            previous = kind
        }
        return words
    }

    private enum Kind {
        case word, space, single

        init(_ character: Character) {
            if character.isWhitespace {
                self = .space
            } else if let scalar = character.unicodeScalars.first, character.isLetter || character.isNumber {
                self = scalar.properties.isIdeographic || (0x3040...0x30FF).contains(scalar.value) ? .single : .word
            } else {
                self = .single
            }
        }
    }
}
