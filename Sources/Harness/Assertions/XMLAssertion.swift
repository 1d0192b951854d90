import JSONModel
import Specs

/// `is-xml`: the answer is one well-formed XML document, with the elements that are asked for by paths such as
/// `order.items.item`.
///
/// Foundation's parser would bring libxml2, a shared library, into a program that needs none.
enum XMLAssertion {
    static func finding(_ wanted: [String], _ view: View) -> Finding {
        let claim = "is XML" + (wanted.isEmpty ? "" : " with \(wanted.joined(separator: ", "))")
        var reader = XMLReader(view.text)
        do {
            let paths = try reader.document()
            let missing = wanted.filter { !paths.contains($0) }
            let seen = missing.isEmpty ? "" : "\(Show.list(missing)) missing in "
            return Finding(missing.isEmpty, claim: claim, seen: seen + Show.quoted(view.text))
        } catch {
            return Finding(false, claim: claim, seen: "\(error) in \(Show.quoted(view.text))")
        }
    }
}

/// Reads a document for its elements (XML 1.0, section 2). Document types are refused: answers have no use for them, and
/// they are how XML attacks its readers.
struct XMLReader {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The paths of all elements, such as `order.items`.
    mutating func document() throws(Problem) -> Set<String> {
        var paths: Set<String> = []
        var open: [String] = []
        var hasRoot = false
        while position < scalars.count {
            if starts(with: "<!--") {
                try skip(past: "-->", "comment")
            } else if starts(with: "<![CDATA["), !open.isEmpty {
                try skip(past: "]]>", "CDATA section")
            } else if starts(with: "<?") {
                try skip(past: "?>", "processing instruction")
            } else if starts(with: "<!") {
                throw Problem(description: "a declaration that is not allowed")
            } else if starts(with: "</") {
                try end(&open)
            } else if starts(with: "<") {
                if open.isEmpty, hasRoot { throw Problem(description: "a second root element") }
                hasRoot = true
                try start(&open, &paths)
            } else {
                try text(isInside: !open.isEmpty)
            }
        }
        if let name = open.last { throw Problem(description: "<\(name)> without its end") }
        guard hasRoot else { throw Problem(description: "no element") }
        return paths
    }

    private mutating func start(_ open: inout [String], _ paths: inout Set<String>) throws(Problem) {
        position += 1
        let name = try self.name()
        paths.insert((open + [name]).joined(separator: "."))
        var attributes: Set<String> = []
        while true {
            let hadSpace = skipSpace()
            if starts(with: "/>") {
                position += 2
                return
            }
            if starts(with: ">") {
                position += 1
                open.append(name)
                guard open.count <= 1_000 else { throw Problem(description: "elements too deep in each other") }
                return
            }
            guard hadSpace else { throw Problem(description: "<\(name) without its end") }
            let attribute = try self.name()
            guard attributes.insert(attribute).inserted else {
                throw Problem(description: "two attributes called \(attribute)")
            }
            try value()
        }
    }

    private mutating func value() throws(Problem) {
        _ = skipSpace()
        guard starts(with: "=") else { throw Problem(description: "an attribute without a value") }
        position += 1
        _ = skipSpace()
        guard let quote = current, quote == "\"" || quote == "'" else {
            throw Problem(description: "an attribute's value without quotes")
        }
        position += 1
        while let scalar = current, scalar != quote {
            if scalar == "<" { throw Problem(description: "< in an attribute's value") }
            if scalar == "&" { try reference() } else { position += 1 }
        }
        guard current != nil else { throw Problem(description: "an attribute's value without its end") }
        position += 1
    }

    private mutating func end(_ open: inout [String]) throws(Problem) {
        position += 2
        let name = try self.name()
        _ = skipSpace()
        guard starts(with: ">"), open.popLast() == name else {
            throw Problem(description: "</\(name)> in a wrong place")
        }
        position += 1
    }

    private mutating func text(isInside: Bool) throws(Problem) {
        guard let scalar = current else { return }
        if scalar == "&", isInside { return try reference() }
        guard isInside || scalar.properties.isWhitespace else { throw Problem(description: "text outside of the root") }
        if scalar.value < 0x20, !scalar.properties.isWhitespace { throw Problem(description: "a control character") }
        position += 1
    }

    /// `&amp;`, `&#8364;`, `&#x20AC;`: without a document type there are only five names.
    private mutating func reference() throws(Problem) {
        let rest = scalars[(position + 1)...].prefix(12)
        guard let length = rest.firstIndex(of: ";").map({ $0 - position - 1 }), length > 0 else {
            throw Problem(description: "& that begins no reference")
        }
        let name = String(String.UnicodeScalarView(rest.prefix(length)))
        let digits = name.dropFirst(name.hasPrefix("#x") ? 2 : 1)
        let isNumber =
            name.hasPrefix("#")
            && UInt32(digits, radix: name.hasPrefix("#x") ? 16 : 10).flatMap(Unicode.Scalar.init) != nil
        guard isNumber || ["amp", "lt", "gt", "quot", "apos"].contains(name) else {
            throw Problem(description: "the unknown reference &\(name);")
        }
        position += length + 2
    }

    private mutating func name() throws(Problem) -> String {
        var name = String.UnicodeScalarView()
        while let scalar = current, Self.isName(scalar, first: name.isEmpty) {
            name.append(scalar)
            position += 1
        }
        guard !name.isEmpty else { throw Problem(description: "< that begins no element") }
        return String(name)
    }

    private static func isName(_ scalar: Unicode.Scalar, first: Bool) -> Bool {
        if scalar == "_" || scalar == ":" || scalar.properties.isAlphabetic { return true }
        return !first && (scalar == "-" || scalar == "." || scalar.properties.isIDContinue)
    }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func starts(with text: String) -> Bool {
        scalars[position...].starts(with: text.unicodeScalars)
    }

    private mutating func skipSpace() -> Bool {
        let start = position
        while let scalar = current, " \t\r\n".unicodeScalars.contains(scalar) { position += 1 }
        return position > start
    }

    private mutating func skip(past end: String, _ what: String) throws(Problem) {
        while position < scalars.count, !starts(with: end) { position += 1 }
        guard position < scalars.count else { throw Problem(description: "a \(what) without its end") }
        position += end.unicodeScalars.count
    }
}
