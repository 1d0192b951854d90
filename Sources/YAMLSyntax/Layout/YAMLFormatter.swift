package import Diagnostics
import Texts

/// Lays a YAML document out in the canonical way and keeps its meaning and its comments.
package enum YAMLFormatter {
    /// Formats a document.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, with or without a byte order mark.
    ///   - file: the name for places.
    ///   - order: the order of the keys at the top.
    /// - Returns: the text in canonical layout, its lines ended by LF; formatting it again changes nothing.
    /// - Throws: a ``Diagnostic`` for a text that is not YAML, or that cannot be laid out without changing what it says.
    package static func format(_ bytes: [UInt8], file: String, order: [String] = []) throws(Diagnostic) -> String {
        let original = try value(bytes, file)
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
        // CR and CRLF mean what LF means (YAML 1.2, section 5.4), so the layout is that of LF alone.
        let text = SourceLines(String(decoding: body, as: UTF8.self)).joined
        let root = try LayoutReader.layout(of: Array(text.utf8), file: file)
        let source = LayoutSource(text, root: root)
        // An alias must come after its anchor, so a document with aliases may have to keep its order.
        for keys in [order, []] {
            let formatted = LayoutWriter.text(root, source, order: keys)
            if isSafe(formatted, original, source, file) { return formatted }
        }
        throw Diagnostic(
            code: .unformattable, "this file is laid out in a way that cannot be formatted without changing it",
            at: .beginning(of: file), help: "write it more plainly; nothing was changed")
    }

    private static func value(_ bytes: [UInt8], _ file: String) throws(Diagnostic) -> YAMLNode? {
        let collector = DiagnosticCollector()
        let node = YAMLParser.parse(bytes, file: file, into: collector)
        if let problem = collector.sorted.first(where: { $0.severity == .error }) { throw problem }
        return node
    }

    /// Whether a formatted text says the same, keeps every comment, and is as it would be formatted again.
    private static func isSafe(
        _ formatted: String, _ original: YAMLNode?, _ source: LayoutSource, _ file: String
    ) -> Bool {
        let bytes = Array(formatted.utf8)
        do throws(Diagnostic) {
            let root = try LayoutReader.layout(of: bytes, file: file)
            let again = LayoutSource(formatted, root: root)
            return meaning(try value(bytes, file)) == meaning(original)
                && again.comments.map(\.text).sorted() == source.comments.map(\.text).sorted()
                && LayoutWriter.text(root, again, order: []) == formatted
        } catch {
            return false
        }
    }

    private indirect enum Meaning: Hashable {
        case scalar(YAMLScalar.Value)
        case text(ExactText)
        case sequence([Meaning?])
        case mapping([ExactText: Meaning?])
    }

    private static func meaning(_ node: YAMLNode?) -> Meaning? {
        guard let node else { return nil }
        switch node.content {
        case .scalar(let scalar):
            if case .string(let text) = scalar.value { return .text(ExactText(text)) }
            return .scalar(scalar.value)
        case .sequence(let items): return .sequence(items.map(meaning))
        case .mapping(let pairs):
            return .mapping(Dictionary(pairs.map { (ExactText($0.name), meaning($0.value)) }) { first, _ in first })
        }
    }
}
