extension JSONValue {
    /// How a document is laid out as text.
    package enum Layout: Sendable {
        /// One line, members in their own order: what goes over the wire.
        case compact
        /// Two spaces of indentation, members in their own order: what people read. Whatever could hide or act on the
        /// way through a terminal or a build log is escaped.
        case pretty
        /// Like ``pretty``, on one line: for files with a document on each line.
        case line
        /// One line, members sorted by their UTF-8 bytes, whole numbers without a fraction: equal values give equal
        /// bytes, so this is what digests are made of.
        case canonical
    }

    /// The document as JSON text (RFC 8259). Infinite numbers, which JSON lacks, are written as null.
    ///
    /// - Parameter layout: line breaks and order of members.
    /// - Returns: the text, without a final line break.
    package func text(_ layout: Layout = .compact) -> String {
        var writer = JSONWriter(layout: layout)
        writer.write(self)
        return String(decoding: writer.output, as: UTF8.self)
    }

    /// ``text(_:)`` as UTF-8.
    package func bytes(_ layout: Layout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout: layout)
        writer.write(self)
        return writer.output
    }
}

private struct JSONWriter {
    let layout: JSONValue.Layout
    var output: [UInt8] = []
    var indentation = 0

    init(layout: JSONValue.Layout) {
        self.layout = layout
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let number): append(String(number))
        case .number(let number): write(number)
        case .bigInteger(let digits): append(digits)
        case .string(let text): write(text)
        case .array(let elements):
            list(elements, open: "[", close: "]") { writer, element in writer.write(element) }
        case .object(let members):
            let ordered =
                layout == .canonical
                ? members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : Array(members)
            list(ordered, open: "{", close: "}") { writer, member in
                writer.write(member.key)
                writer.append(writer.layout == .pretty ? ": " : ":")
                writer.write(member.value)
            }
        }
    }

    private mutating func write(_ number: Double) {
        if let whole = Int(exactly: number), layout == .canonical || abs(number) >= 0x1p53 {
            append(String(whole))
        } else {
            append(number.isFinite ? String(number) : "null")
        }
    }

    private mutating func list<Element>(
        _ elements: [Element], open: String, close: String, each: (inout JSONWriter, Element) -> Void
    ) {
        append(open)
        indentation += 1
        for (position, element) in elements.enumerated() {
            if position > 0 { append(",") }
            breakLine()
            each(&self, element)
        }
        indentation -= 1
        if !elements.isEmpty { breakLine() }
        append(close)
    }

    private mutating func breakLine() {
        guard layout == .pretty else { return }
        append("\n")
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * 2))
    }

    private mutating func write(_ text: String) {
        append("\"")
        if layout == .pretty || layout == .line { return writeVisible(text) }
        var text = text
        text.withUTF8 { bytes in
            // Texts are copied in the stretches between what must be escaped.
            var start = bytes.startIndex
            for index in bytes.indices where Self.isEscaped(bytes[index]) {
                output.append(contentsOf: bytes[start..<index])
                write(bytes[index])
                start = index + 1
            }
            output.append(contentsOf: bytes[start...])
        }
        append("\"")
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Escapes also what RFC 8259 allows but no reader would see, and a second `#`, because build servers obey `##[`.
    private mutating func writeVisible(_ text: String) {
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar.isASCII, scalar != "#" || previous != "#" {
                write(UInt8(truncatingIfNeeded: scalar.value))
            } else if scalar == "#" || Self.isInvisible(scalar) {
                for unit in Character(scalar).utf16 { append(Self.escape(unit)) }
            } else {
                append(String(scalar))
            }
            previous = scalar
        }
        append("\"")
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        return switch scalar.properties.generalCategory {
        // The wide space of Chinese and Japanese texts is no disguise.
        case .spaceSeparator: scalar != "\u{3000}"
        case .otherSymbol: scalar == "\u{2800}"
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private mutating func write(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0..<0x20, 0x7F: append(Self.escape(UInt16(byte)))
        default: output.append(byte)
        }
    }

    private mutating func append(_ text: String) {
        output.append(contentsOf: text.utf8)
    }
}
