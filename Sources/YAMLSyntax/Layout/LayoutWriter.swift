import Diagnostics

/// Writes a layout in the canonical way: two spaces a level, lists below their key indented, one blank line at most, one
/// space inside `{a: b, c: d}`, comments where they were.
struct LayoutWriter {
    /// One line, its comment apart so that comments of neighbouring lines can be aligned.
    struct Line: Equatable {
        var text: String
        var comment: String?
        /// Part of a block text, whose blank lines all count.
        var isContent = false
        /// Part of a block text that keeps its end (`|+`): a blank line behind it would become part of it.
        var keepsEnd = false
    }

    private let source: LayoutSource
    private var comments: ArraySlice<LayoutSource.Comment>
    private var lines: [Line] = []

    private init(_ source: LayoutSource) {
        self.source = source
        comments = source.comments[...]
    }

    /// Writes a document.
    ///
    /// - Parameters:
    ///   - root: its layout; nil for one without a value.
    ///   - source: its text.
    ///   - order: the order of the keys at the top; other keys come last, in their own order.
    /// - Returns: the text, ended by one line break.
    static func text(_ root: LayoutNode?, _ source: LayoutSource, order: [String]) -> String {
        var writer = LayoutWriter(source)
        var segments: [(key: String, lines: [Line])] = []
        if let root, case .mapping(let pairs) = root.content, !root.isFlow {
            for pair in pairs {
                writer.pair(pair, indent: 0, prefix: "")
                segments.append((source.text(from: pair.key.start, to: pair.key.end).joined(), writer.takeLines()))
            }
        } else if let root {
            writer.leading(to: root.start.line, indent: 0)
            writer.value(root, after: "", indent: -2)
            segments.append(("", writer.takeLines()))
        }
        writer.leading(to: Int.max, indent: 0)
        let header = segments.isEmpty ? [] : writer.takeHeader(&segments[0].lines)
        let sorted = segments.enumerated().sorted { left, right in
            let (a, b) = (order.firstIndex(of: left.element.key), order.firstIndex(of: right.element.key))
            return (a ?? Int.max, left.offset) < (b ?? Int.max, right.offset)
        }
        return joined(header + sorted.flatMap(\.element.lines) + writer.lines)
    }

    private mutating func takeLines() -> [Line] {
        defer { lines = [] }
        return lines
    }

    /// The comment at the top belongs to the file, whichever key comes first.
    private func takeHeader(_ lines: inout [Line]) -> [Line] {
        let comments = lines.prefix {
            $0.text.isEmpty && $0.comment != nil || $0.text.hasPrefix("#") || $0.text.isEmpty
        }
        lines.removeFirst(comments.count)
        return Array(comments)
    }

    // MARK: Values

    private mutating func pair(_ pair: (key: LayoutNode, value: LayoutNode), indent: Int, prefix: String) {
        leading(to: pair.key.start.line, indent: indent)
        let key = source.text(from: pair.key.start, to: pair.key.end).joined(separator: " ")
        value(pair.value, after: "\(prefix)\(key):", indent: indent, keyLine: pair.key.end.line)
    }

    /// Writes what stands behind `key:` or `-`.
    private mutating func value(_ node: LayoutNode, after head: String, indent: Int, keyLine: Int? = nil) {
        let space = head.isEmpty ? "" : " "
        switch node.content {
        case .word where node.isNothing: add(head, endingAt: keyLine ?? node.end.line)
        case .word,
            .sequence where node.isFlow, .mapping where node.isFlow:
            words(flow(node), after: head + space, indent: indent + 2, endingAt: node.end.line)
        case .blockScalar: blockScalar(node, after: head + space, indent: indent + 2)
        case .sequence, .mapping:
            let properties = properties(of: node)
            add(properties.isEmpty ? head : head + space + properties, endingAt: keyLine ?? node.start.line)
            children(of: node, indent: indent + 2)
        }
    }

    private mutating func children(of node: LayoutNode, indent: Int, prefix: String? = nil) {
        let spaces = String(repeating: " ", count: max(indent, 0))
        switch node.content {
        case .word, .blockScalar: return
        case .sequence(let items):
            for (place, item) in items.enumerated() {
                self.item(item, indent: indent, prefix: place == 0 ? prefix ?? spaces : spaces)
            }
        case .mapping(let pairs):
            for (place, pair) in pairs.enumerated() {
                self.pair(pair, indent: indent, prefix: place == 0 ? prefix ?? spaces : spaces)
            }
        }
    }

    /// The first line of a collection shares the line of its dash.
    private mutating func item(_ node: LayoutNode, indent: Int, prefix: String) {
        leading(to: node.start.line, indent: indent)
        guard node.isBlockCollection, properties(of: node).isEmpty else {
            return value(node, after: "\(prefix)-", indent: indent)
        }
        if let first = node.firstChild { leading(to: first.start.line, indent: indent) }
        children(of: node, indent: indent + 2, prefix: "\(prefix)- ")
    }

    /// Anchor and tag before a block collection.
    private func properties(of node: LayoutNode) -> String {
        guard let first = node.firstChild, node.isBlockCollection, node.start < first.start else { return "" }
        var text = source.text(from: node.start, to: first.start)[0]
        if let comment = comments.first(where: { $0.line == node.start.line }), text.hasSuffix(comment.text) {
            text.removeLast(comment.text.count)
        }
        while text.last == " " { text.removeLast() }
        return text.hasPrefix("&") || text.hasPrefix("!") ? text : ""
    }

    /// A flow collection on one line with regular spaces; anything else as it stands.
    private func flow(_ node: LayoutNode) -> [String] {
        let written = source.text(from: node.start, to: node.end)
        guard written.count == 1, let first = written[0].first else { return written }
        switch node.content {
        case .sequence(let items) where first == "[":
            return ["[\(items.map { flow($0).joined() }.joined(separator: ", "))]"]
        case .mapping(let pairs) where first == "{":
            return ["{\(pairs.map(flowPair).joined(separator: ", "))}"]
        case .mapping(let pairs) where pairs.count == 1 && first != "&" && first != "!" && first != "?":
            return [flowPair(pairs[0])]
        default: return written
        }
    }

    private func flowPair(_ pair: (key: LayoutNode, value: LayoutNode)) -> String {
        let key = flow(pair.key).joined()
        return pair.value.isNothing ? key : "\(key): \(flow(pair.value).joined())"
    }

    /// Words that may go on over several lines, whose indentation means nothing.
    private mutating func words(_ text: [String], after head: String, indent: Int, endingAt line: Int) {
        let spaces = String(repeating: " ", count: max(indent, 0))
        for (place, part) in text.enumerated() {
            let trimmed = String(part.drop { $0 == " " || $0 == "\t" })
            let isLast = place == text.count - 1
            let whole = (place == 0 ? head + part : trimmed.isEmpty ? "" : spaces + trimmed)
            if isLast { add(whole, endingAt: line) } else { lines.append(Line(text: Self.withoutEnd(whole))) }
        }
    }

    private mutating func blockScalar(_ node: LayoutNode, after head: String, indent: Int) {
        var text = source.text(from: node.start, to: node.end)
        let header = text.removeFirst()
        let mark = header.prefix { $0 != " " && $0 != "\t" && $0 != "#" }
        let properties = mark.first == "|" || mark.first == ">" ? "" : Self.properties(header)
        let sign =
            properties.isEmpty
            ? String(mark) : String(header.dropFirst(properties.count).prefix { $0 != " " && $0 != "#" })
        let isCutOff = source.lacksFinalBreak && node.end.line >= source.lineCount && node.end.column > 1
        let comment = header.firstIndex(of: "#").map { Self.withoutEnd(String(header[$0...])) }
        lines.append(Line(text: head + properties + (isCutOff ? Self.stripped(sign) : sign), comment: comment))
        if !sign.contains("+") { while text.last?.allSatisfy({ $0 == " " }) == true { text.removeLast() } }
        let indicator = sign.first(where: \.isNumber).flatMap(\.wholeNumberValue)
        let old = indicator.map { $0 + Self.parentIndent(text, $0) } ?? Self.indent(of: text)
        let new = indicator.map { max(indent - 2, 0) + $0 } ?? max(indent, 0)
        let spaces = String(repeating: " ", count: new)
        for line in text {
            let content = line.dropFirst(min(old, line.prefix { $0 == " " }.count))
            let text = content.isEmpty ? "" : spaces + content
            lines.append(Line(text: text, isContent: true, keepsEnd: sign.contains("+")))
        }
    }

    /// The sign of a text without a line break at its end.
    private static func stripped(_ sign: String) -> String {
        sign.filter { $0 != "+" && $0 != "-" } + "-"
    }

    /// Anchor and tag before a block scalar's sign, the space behind them included.
    private static func properties(_ header: String) -> String {
        guard let sign = header.firstIndex(where: { $0 == "|" || $0 == ">" }) else { return "" }
        return String(header[..<sign])
    }

    /// The indentation of the first line that holds anything: the content's, as YAML finds it.
    private static func indent(of lines: [String]) -> Int {
        lines.first { !$0.allSatisfy { $0 == " " } }.map { $0.prefix { $0 == " " }.count } ?? 0
    }

    /// With a number behind its sign a block may begin with spaces; the least indented line tells the level of its key.
    private static func parentIndent(_ lines: [String], _ indicator: Int) -> Int {
        let indents = lines.filter { !$0.allSatisfy { $0 == " " } }.map { $0.prefix { $0 == " " }.count }
        return max((indents.min() ?? indicator) - indicator, 0)
    }

    // MARK: Comments and blank lines

    /// Writes the comments that stand alone before a line, and a blank line where there was one.
    private mutating func leading(to line: Int, indent: Int) {
        let spaces = String(repeating: " ", count: max(indent, 0))
        while let comment = comments.first, comment.line < line {
            comments.removeFirst()
            blank(before: comment.line)
            lines.append(Line(text: spaces + comment.text))
        }
        if line != Int.max { blank(before: line) }
    }

    private mutating func blank(before line: Int) {
        guard line > 1, source.isBlank(line - 1), lines.last?.keepsEnd != true else { return }
        lines.append(Line(text: ""))
    }

    /// Adds a line that ends where a line of the source ends, with the comment that stands there.
    private mutating func add(_ text: String, endingAt line: Int) {
        var comment: String?
        if let next = comments.first, next.line == line, !next.isAlone {
            comments.removeFirst()
            comment = next.text
        }
        lines.append(Line(text: Self.withoutEnd(text), comment: comment))
    }

    private static func withoutEnd(_ text: String) -> String {
        var text = text[...]
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }

    /// One blank line at most and none at the ends; comments behind neighbouring lines begin in one column.
    private static func joined(_ lines: [Line]) -> String {
        var result = ""
        var run: [Line] = []
        func flush() {
            let width = run.map(\.text.unicodeScalars.count).max() ?? 0
            for line in run {
                let gap = String(repeating: " ", count: width - line.text.unicodeScalars.count + 2)
                result += "\(line.text)\(gap)\(line.comment ?? "")\n"
            }
            run = []
        }
        var wasBlank = true
        for line in lines {
            guard line.comment == nil else {
                run.append(line)
                wasBlank = false
                continue
            }
            flush()
            if line.text.isEmpty, wasBlank, !line.isContent { continue }
            result += line.text + "\n"
            wasBlank = line.text.isEmpty
        }
        flush()
        while lines.last?.keepsEnd != true, result.hasSuffix("\n\n") { result.removeLast() }
        return result
    }
}
