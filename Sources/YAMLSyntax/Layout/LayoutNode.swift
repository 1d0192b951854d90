import Diagnostics

/// A value as it is written: where it stands and in which style, aliases and anchors untouched.
struct LayoutNode {
    enum Content {
        /// A scalar that is no block, or an alias: its text stands for itself.
        case word
        /// A literal or folded scalar.
        case blockScalar
        case sequence([LayoutNode])
        case mapping([(key: LayoutNode, value: LayoutNode)])
    }

    let content: Content
    /// Written in brackets or braces; meaningful for collections alone.
    let isFlow: Bool
    let start: SourcePosition
    let end: SourcePosition

    /// Nothing is written: the null behind `key:`.
    var isNothing: Bool {
        if case .word = content { start == end } else { false }
    }

    /// Takes lines of its own below its key.
    var isBlockCollection: Bool {
        switch content {
        case .word, .blockScalar: false
        case .sequence, .mapping: !isFlow
        }
    }

    /// The first value inside a collection.
    var firstChild: LayoutNode? {
        switch content {
        case .word, .blockScalar: nil
        case .sequence(let items): items.first
        case .mapping(let pairs): pairs.first?.key
        }
    }
}

/// Reads the layout of one document.
struct LayoutReader {
    private let reader: YAMLEventReader

    /// The layout of a text that ``YAMLParser`` has accepted.
    ///
    /// - Returns: nil for a document without a value.
    /// - Throws: a ``Diagnostic`` for text that is not YAML.
    static func layout(of bytes: [UInt8], file: String) throws(Diagnostic) -> LayoutNode? {
        try YAMLEventReader.withEvents(of: bytes, file: file) { reader throws(Diagnostic) in
            let layout = LayoutReader(reader: reader)
            _ = try reader.next()
            guard case .documentStart = try reader.next().kind else { return nil }
            return try layout.node(try reader.next())
        }
    }

    private func node(_ event: YAMLEvent) throws(Diagnostic) -> LayoutNode {
        switch event.kind {
        case .sequenceStart:
            var items: [LayoutNode] = []
            while true {
                let next = try reader.next()
                if case .sequenceEnd = next.kind { return collection(.sequence(items), event, next) }
                items.append(try node(next))
            }
        case .mappingStart:
            var pairs: [(key: LayoutNode, value: LayoutNode)] = []
            while true {
                let next = try reader.next()
                if case .mappingEnd = next.kind { return collection(.mapping(pairs), event, next) }
                let key = try node(next)
                pairs.append((key, try node(try reader.next())))
            }
        default:
            return LayoutNode(
                content: event.style == .blockScalar ? .blockScalar : .word, isFlow: false, start: event.range.start,
                end: event.range.end)
        }
    }

    private func collection(_ content: LayoutNode.Content, _ first: YAMLEvent, _ last: YAMLEvent) -> LayoutNode {
        LayoutNode(
            content: content, isFlow: first.style == .flow, start: first.range.start, end: last.range.end)
    }
}
