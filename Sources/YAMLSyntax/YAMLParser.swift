package import Diagnostics

/// How large a YAML file may be in each direction. Specs are written by people; anything beyond these bounds is a
/// mistake or an attack.
package struct YAMLLimits: Sendable {
    /// Bytes of a file.
    package var size = 4 << 20
    /// Levels of mappings and sequences.
    package var depth = 64
    /// Values of a file, those reached through an alias counted each time.
    package var nodes = 200_000

    package init() {}
}

/// Reads one YAML document into located nodes.
package enum YAMLParser {
    /// Reads a file's text. Problems after which reading can go on (a duplicate key) are emitted and the node returned;
    /// after a syntax error nothing is.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, with or without a byte order mark.
    ///   - file: the name for places.
    ///   - limits: bounds of size, depth and growth by aliases.
    ///   - collector: receives what is wrong.
    /// - Returns: the root value, or nil for an empty or unreadable document.
    package static func parse(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = YAMLLimits(), into collector: DiagnosticCollector
    ) -> YAMLNode? {
        guard bytes.count <= limits.size else {
            collector.emit(
                Diagnostic(
                    code: .tooLarge, "the file has \(bytes.count) bytes; \(limits.size) are allowed",
                    at: .beginning(of: file)))
            return nil
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
        do throws(Diagnostic) {
            return try YAMLEventReader.withEvents(of: text, file: file) { reader throws(Diagnostic) in
                var composer = YAMLComposer(reader: reader, limits: limits, collector: collector)
                return try composer.document()
            }
        } catch {
            collector.emit(error)
            return nil
        }
    }
}
