import Diagnostics
import Texts

/// Builds nodes from events: resolves anchors and merge keys, keeps within the limits.
struct YAMLComposer {
    private let reader: YAMLEventReader
    private let limits: YAMLLimits
    private let collector: DiagnosticCollector
    private var anchors: [String: Anchored] = [:]
    /// Anchors whose value is not finished: an alias to one of them would contain itself.
    private var openAnchors: Set<String> = []
    private var nodeCount = 0
    private var depth = 0

    private struct Anchored {
        let node: YAMLNode
        let nodeCount: Int
    }

    init(reader: YAMLEventReader, limits: YAMLLimits, collector: DiagnosticCollector) {
        self.reader = reader
        self.limits = limits
        self.collector = collector
    }

    mutating func document() throws(Diagnostic) -> YAMLNode? {
        _ = try reader.next()
        guard case .documentStart = try reader.next().kind else { return nil }
        let root = try node(from: try reader.next())
        _ = try reader.next()
        let after = try reader.next()
        guard case .streamEnd = after.kind else {
            throw Diagnostic(
                code: .severalDocuments, "a second YAML document begins here; one file holds one document",
                at: after.range, help: "move it to a file of its own")
        }
        return root
    }

    private mutating func node(from event: YAMLEvent) throws(Diagnostic) -> YAMLNode {
        switch event.kind {
        case .alias(let name): return try resolve(name, at: event.range)
        case .scalar(let text, let isPlain, let anchor, let tag):
            try checkTag(tag, allowed: YAMLScalar.stringTag, at: event.range)
            return try anchored(anchor, at: event.range) { _ in
                YAMLNode(.scalar(YAMLScalar(text: text, isPlain: isPlain, tag: tag)), at: event.range)
            }
        case .sequenceStart(let anchor, let tag):
            try checkTag(tag, allowed: "tag:yaml.org,2002:seq", at: event.range)
            return try anchored(anchor, at: event.range) { composer throws(Diagnostic) in
                try composer.nested(at: event.range) { composer throws(Diagnostic) in
                    try composer.sequence(from: event.range)
                }
            }
        case .mappingStart(let anchor, let tag):
            try checkTag(tag, allowed: "tag:yaml.org,2002:map", at: event.range)
            return try anchored(anchor, at: event.range) { composer throws(Diagnostic) in
                try composer.nested(at: event.range) { composer throws(Diagnostic) in
                    try composer.mapping(from: event.range)
                }
            }
        default:
            throw Diagnostic(code: .yamlSyntax, "this is not valid YAML: a value is missing", at: event.range)
        }
    }

    private mutating func sequence(from start: SourceRange) throws(Diagnostic) -> YAMLNode {
        var items: [YAMLNode] = []
        while true {
            let event = try reader.next()
            if case .sequenceEnd = event.kind {
                return YAMLNode(.sequence(items), at: span(start, items.last?.range, event.range))
            }
            items.append(try node(from: event))
        }
    }

    private mutating func mapping(from start: SourceRange) throws(Diagnostic) -> YAMLNode {
        var builder = MappingBuilder(collector: collector)
        while true {
            let event = try reader.next()
            if case .mappingEnd = event.kind {
                return YAMLNode(.mapping(builder.pairs), at: span(start, builder.lastRange, event.range))
            }
            let key = try node(from: event)
            let value = try node(from: try reader.next())
            builder.add(key: key, value: value)
        }
    }

    /// libyaml ends a block collection where the next token begins; people see its end behind its last value.
    private func span(_ start: SourceRange, _ last: SourceRange?, _ end: SourceRange) -> SourceRange {
        let flowEnd = end.start < end.end ? end.end : nil
        let lastEnd = last?.file == start.file ? last?.end : nil
        return SourceRange(
            file: start.file, start: start.start, end: max(start.start, flowEnd ?? lastEnd ?? start.end))
    }

    private mutating func nested(
        at range: SourceRange, _ body: (inout YAMLComposer) throws(Diagnostic) -> YAMLNode
    ) throws(Diagnostic) -> YAMLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else {
            throw Diagnostic(code: .tooDeep, "values nest more than \(limits.depth) levels deep here", at: range)
        }
        return try body(&self)
    }

    private mutating func anchored(
        _ name: String?, at range: SourceRange, _ body: (inout YAMLComposer) throws(Diagnostic) -> YAMLNode
    ) throws(Diagnostic) -> YAMLNode {
        let countBefore = nodeCount
        try count(1, at: range)
        guard let name else { return try body(&self) }
        openAnchors.insert(name)
        let node = try body(&self)
        openAnchors.remove(name)
        anchors[name] = Anchored(node: node, nodeCount: nodeCount - countBefore)
        return node
    }

    private mutating func resolve(_ name: String, at range: SourceRange) throws(Diagnostic) -> YAMLNode {
        if openAnchors.contains(name) {
            throw Diagnostic(
                code: .cyclicAlias, "*\(name) stands inside &\(name), so it would contain itself", at: range)
        }
        guard let anchored = anchors[name] else {
            let nearest = NearestName.suggestion(for: name, among: anchors.keys)
            throw Diagnostic(
                code: .unknownAlias, "there is no anchor &\(name) before this alias", at: range,
                help: nearest.map { "did you mean *\($0)?" })
        }
        try count(anchored.nodeCount, at: range)
        return anchored.node
    }

    private mutating func count(_ added: Int, at range: SourceRange) throws(Diagnostic) {
        nodeCount += added
        guard nodeCount <= limits.nodes else {
            throw Diagnostic(
                code: .tooManyValues, "the file has more than \(limits.nodes) values, aliases expanded", at: range,
                help: "use fewer aliases of aliases")
        }
    }

    private func checkTag(_ tag: String?, allowed: String, at range: SourceRange) throws(Diagnostic) {
        guard let tag, tag != allowed, tag != "!" else { return }
        let shown = tag.hasPrefix("tag:yaml.org,2002:") ? "!!" + tag.dropFirst(18) : tag
        throw Diagnostic(
            code: .unknownTag, "the tag \(shown) has no meaning here", at: range,
            help: "remove it; a file is read with {file: PATH}, an environment variable with {env: NAME}")
    }
}

/// Gathers the pairs of one mapping: unique keys, merge keys resolved with the lowest precedence.
private struct MappingBuilder {
    let collector: DiagnosticCollector
    private var own: [YAMLPair] = []
    private var merged: [YAMLPair] = []
    private var placeOfKey: [ExactText: SourceRange] = [:]
    private(set) var lastRange: SourceRange?

    init(collector: DiagnosticCollector) {
        self.collector = collector
    }

    /// The mapping's own pairs, then those that only a merge key brought.
    var pairs: [YAMLPair] {
        var seen = Set(own.map { ExactText($0.name) })
        return own + merged.filter { seen.insert(ExactText($0.name)).inserted }
    }

    mutating func add(key: YAMLNode, value: YAMLNode) {
        lastRange = value.range
        guard let scalar = key.scalar else {
            let problem = Diagnostic(
                code: .complexKey, "a key must be a single word, not a list or a map", at: key.range)
            return collector.emit(problem)
        }
        if scalar.text == "<<", scalar.isPlain { return merge(value) }
        if let first = placeOfKey[ExactText(scalar.text)] {
            collector.emit(
                Diagnostic(
                    code: .duplicateKey, "the key \"\(scalar.text)\" stands here a second time", at: key.range,
                    help: "remove one of the two", notes: [Diagnostic.Note("it was first written here", at: first)]))
            return
        }
        placeOfKey[ExactText(scalar.text)] = key.range
        own.append(YAMLPair(name: scalar.text, nameRange: key.range, value: value))
    }

    private mutating func merge(_ value: YAMLNode) {
        for source in value.items ?? [value] {
            if let pairs = source.pairs {
                merged.append(contentsOf: pairs)
            } else {
                collector.emit(
                    Diagnostic(
                        code: .badMerge, "<< takes a map or a list of maps", at: source.range,
                        help: "write <<: *anchor"))
            }
        }
    }
}
