import Diagnostics

/// The text of a document by lines, with its comments found.
struct LayoutSource {
    struct Comment {
        /// Counted from 1.
        let line: Int
        /// From `#` on, without white space at the end.
        let text: String
        /// Nothing but white space stands before it.
        let isAlone: Bool
    }

    private let lines: [[Unicode.Scalar]]
    /// The last line is not ended, so that a block text there has no line break at its end either.
    var lacksFinalBreak: Bool { lines.last?.isEmpty == false }
    var lineCount: Int { lines.count }
    private(set) var comments: [Comment] = []

    /// Splits a text and finds the comments between its values.
    ///
    /// - Parameters:
    ///   - text: the document, without a byte order mark, its lines ended by LF.
    ///   - root: its layout.
    init(_ text: String, root: LayoutNode?) {
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        var covered: [Int: [Range<Int>]] = [:]
        if let root { cover(root, &covered) }
        for (index, line) in lines.enumerated() {
            if let comment = Self.comment(in: line, number: index + 1, values: covered[index + 1] ?? []) {
                comments.append(comment)
            }
        }
    }

    /// The columns of each line, counted from 0, where `#` is part of a value.
    private func cover(_ node: LayoutNode, _ covered: inout [Int: [Range<Int>]]) {
        switch node.content {
        case .sequence(let items) where !node.isFlow: for item in items { cover(item, &covered) }
        case .mapping(let pairs) where !node.isFlow:
            for pair in pairs {
                cover(pair.key, &covered)
                cover(pair.value, &covered)
            }
        case .word, .blockScalar, .sequence, .mapping:
            guard node.start < node.end else { return }
            for line in node.start.line...node.end.line {
                let first = line == node.start.line ? node.start.column - 1 : 0
                let last = line == node.end.line ? node.end.column - 1 : Int.max
                if first < last { covered[line, default: []].append(first..<last) }
            }
        }
    }

    private static func comment(in line: [Unicode.Scalar], number: Int, values: [Range<Int>]) -> Comment? {
        var isAlone = true
        for (column, scalar) in line.enumerated() {
            if values.contains(where: { $0.contains(column) }) {
                isAlone = false
                continue
            }
            if scalar == "#", column == 0 || line[column - 1] == " " || line[column - 1] == "\t" {
                return Comment(line: number, text: trimmed(line[column...]), isAlone: isAlone)
            }
            if scalar != " ", scalar != "\t" { isAlone = false }
        }
        return nil
    }

    /// What is written from one position up to another, its line breaks kept.
    func text(from start: SourcePosition, to end: SourcePosition) -> [String] {
        guard start < end else { return [""] }
        return (start.line...end.line).compactMap { number in
            guard lines.indices.contains(number - 1) else { return nil }
            let line = lines[number - 1]
            let first = number == start.line ? min(start.column - 1, line.count) : 0
            let last = number == end.line ? min(end.column - 1, line.count) : line.count
            // An end at the beginning of a line is behind the line break before it.
            if number == end.line, number > start.line, last == 0 { return nil }
            return String(String.UnicodeScalarView(line[first..<max(first, last)]))
        }
    }

    /// Whether a line, counted from 1, holds nothing but white space.
    func isBlank(_ number: Int) -> Bool {
        guard lines.indices.contains(number - 1) else { return false }
        return lines[number - 1].allSatisfy { $0 == " " || $0 == "\t" }
    }

    private static func trimmed(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var scalars = scalars
        while let last = scalars.last, last == " " || last == "\t" { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }
}
