import CLibYAML
import Diagnostics

/// One event of libyaml's stream, with its place.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(String)
        case scalar(text: String, isPlain: Bool, anchor: String?, tag: String?)
        case sequenceStart(anchor: String?, tag: String?)
        case mappingStart(anchor: String?, tag: String?)
        case sequenceEnd, mappingEnd
    }

    /// How a value is written.
    enum Style {
        case plain, quoted
        /// A literal (`|`) or folded (`>`) scalar.
        case blockScalar
        /// A collection in brackets or braces.
        case flow
        /// A collection by indentation.
        case block
    }

    let kind: Kind
    let style: Style
    let range: SourceRange
}

/// Pulls libyaml's events out of a buffer. The only place that holds unsafe pointers; valid inside the closure of
/// ``withEvents(of:file:_:)`` alone.
struct YAMLEventReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>
    private let breaks: ForeignBreaks
    private let file: String

    /// Lets `body` read the events of a text.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without a byte order mark.
    ///   - file: the name for places.
    ///   - body: what reads them.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    static func withEvents<Result>(
        of bytes: [UInt8], file: String, _ body: (YAMLEventReader) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else {
            throw Diagnostic(code: .outOfMemory, "not enough memory to read the file", at: .beginning(of: file))
        }
        defer { yaml_parser_delete(parser) }
        let breaks = ForeignBreaks(bytes)
        return try breaks.shielded.withUnsafeBufferPointer { buffer throws(Diagnostic) in
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            return try body(YAMLEventReader(parser: parser, bytes: buffer, breaks: breaks, file: file))
        }
    }

    /// The next event.
    ///
    /// - Throws: a ``Diagnostic`` for text that is not YAML.
    func next() throws(Diagnostic) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { yaml_event_delete(&event) }
        let range = SourceRange(file: file, start: position(event.start_mark), end: position(event.end_mark))
        return YAMLEvent(kind: kind(of: event), style: style(of: event), range: range)
    }

    private func style(of event: yaml_event_t) -> YAMLEvent.Style {
        switch event.type {
        case YAML_SCALAR_EVENT:
            switch event.data.scalar.style {
            case YAML_PLAIN_SCALAR_STYLE: return .plain
            case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: return .blockScalar
            default: return .quoted
            }
        case YAML_SEQUENCE_START_EVENT:
            return event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .block
        case YAML_MAPPING_START_EVENT:
            return event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE ? .flow : .block
        default: return .plain
        }
    }

    private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let characters = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(
                text: breaks.restored(String(decoding: characters, as: UTF8.self)),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
                anchor: text(scalar.anchor), tag: text(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            return .sequenceStart(
                anchor: text(event.data.sequence_start.anchor), tag: text(event.data.sequence_start.tag))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            return .mappingStart(
                anchor: text(event.data.mapping_start.anchor), tag: text(event.data.mapping_start.tag))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return .streamEnd
        }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { breaks.restored(String(cString: $0)) }
    }

    private func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(line: mark.line + 1, column: mark.column + 1)
    }

    private func syntaxError() -> Diagnostic {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not valid YAML"
        if parser.pointee.error == YAML_READER_ERROR {
            return unreadable(problem, atByte: parser.pointee.problem_offset)
        }
        let mark = parser.pointee.problem_mark
        let place = position(mark)
        let range = SourceRange(file: file, start: place, end: place)
        if isTab(at: place) {
            return Diagnostic(
                code: .yamlTab, "a tab is used where YAML allows only spaces", at: range,
                help: "replace the tab by spaces")
        }
        let context = parser.pointee.context.map { " " + String(cString: $0) } ?? ""
        let opened = position(parser.pointee.context_mark)
        let notes =
            parser.pointee.context == nil || opened == place
            ? [] : [Diagnostic.Note("it began here", at: SourceRange(file: file, start: opened, end: opened))]
        let mistake = YAMLMistake(problem, line: line(of: place), column: place.column)
        return Diagnostic(
            code: .yamlSyntax, mistake?.sentence ?? "this is not valid YAML: \(problem)\(context)", at: range,
            help: mistake?.help, notes: notes)
    }

    private func unreadable(_ problem: String, atByte offset: Int) -> Diagnostic {
        let before = String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        let place = SourcePosition(line: line, column: column)
        return Diagnostic(
            code: .yamlEncoding, "the file is not readable as UTF-8 text: \(problem)",
            at: SourceRange(file: file, start: place, end: place),
            help: "save the file as UTF-8 without control characters")
    }

    private func isTab(at place: SourcePosition) -> Bool {
        line(of: place).dropFirst(place.column - 1).first == "\t"
    }

    private func line(of place: SourcePosition) -> [Unicode.Scalar] {
        let text = SourceLines(String(decoding: bytes, as: UTF8.self))
        return Array(text[place.line]?.unicodeScalars ?? Substring().unicodeScalars)
    }
}
