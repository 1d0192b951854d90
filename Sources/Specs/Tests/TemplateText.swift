package import JSONModel

/// Texts in which `{{name}}` stands for a value.
///
/// `{{user.name}}` is a member, `{{items[0]}}` an element, `{{ "{{" }}` and `{% raw %}…{% endraw %}` are texts as they
/// stand there. Nothing is evaluated.
package enum TemplateText {
    package enum Part: Equatable, Sendable {
        case text(String)
        /// As written between the braces, without white space at its ends.
        case name(String)
    }

    private static let rawBegin = "{% raw %}"
    private static let rawEnd = "{% endraw %}"

    /// Takes a text apart.
    ///
    /// - Parameter text: as written; braces that are not closed are texts.
    /// - Returns: its parts, in order.
    package static func parts(of text: String) -> [Part] {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text.isEmpty ? [] : [.text(text)] }
        var parts: [Part] = []
        var plain = ""
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            plain += rest[..<brace]
            rest = rest[brace...]
            if rest.hasPrefix(rawBegin), let end = rest.firstRange(of: rawEnd) {
                plain += rest[..<end.lowerBound].dropFirst(rawBegin.count)
                rest = rest[end.upperBound...]
            } else if let (inner, after) = braces(rest) {
                if let quoted = quoted(inner) {
                    plain += quoted
                } else {
                    if !plain.isEmpty { parts.append(.text(plain)) }
                    plain = ""
                    parts.append(.name(inner))
                }
                rest = after
            } else {
                plain.append("{")
                rest = rest.dropFirst()
            }
        }
        plain += rest
        return plain.isEmpty ? parts : parts + [.text(plain)]
    }

    /// What stands between two braces and two others, quotes respected; nil where none begin or end.
    private static func braces(_ text: Substring) -> (inner: String, rest: Substring)? {
        guard text.hasPrefix("{{") else { return nil }
        var inner = text.dropFirst(2)
        let start = inner.drop { $0 == " " }
        if let quote = start.first, quote == "'" || quote == "\"" {
            guard let end = start.dropFirst().firstIndex(of: quote) else { return nil }
            inner = start[start.index(after: end)...]
            guard let close = inner.firstRange(of: "}}") else { return nil }
            return (String(start[...end] + trimmed(inner[..<close.lowerBound])), inner[close.upperBound...])
        }
        guard let close = inner.firstRange(of: "}}") else { return nil }
        return (String(trimmed(inner[..<close.lowerBound])), inner[close.upperBound...])
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func quoted(_ inner: String) -> String? {
        guard let quote = inner.first, quote == "'" || quote == "\"", inner.count >= 2, inner.last == quote else {
            return nil
        }
        return String(inner.dropFirst().dropLast())
    }

    /// A name with its variables filled in, as people are to read it: on one line, long values cut. What has no value yet
    /// stays as it is written.
    ///
    /// - Parameters:
    ///   - name: as written.
    ///   - variables: values by name.
    /// - Returns: the name to show.
    static func shownName(_ name: String, _ variables: [String: JSONValue]) -> String {
        parts(of: name).map { part in
            switch part {
            case .text(let text): return text
            case .name(let name):
                guard let value = value(of: name, in: variables)?.plainText else { return "{{\(name)}}" }
                let words = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                return words.count > longestShownValue ? words.prefix(longestShownValue) + "…" : words
            }
        }.joined()
    }

    private static let longestShownValue = 60

    /// The names that a text asks for.
    package static func names(in text: String) -> [String] {
        parts(of: text).compactMap { if case .name(let name) = $0 { name } else { nil } }
    }

    /// Whether some text of a value must be filled in before it means anything, a literal `{{ "{{" }}` included.
    package static func hasNames(_ value: JSONValue) -> Bool {
        if let text = value.string { return text.contains("{{") || text.contains(rawBegin) }
        if let elements = value.array { return elements.contains(where: hasNames) }
        return value.object?.contains { hasNames($0.value) } ?? false
    }

    /// What a name stands for.
    ///
    /// - Parameters:
    ///   - name: `city`, `user.name` or `items[0].id`.
    ///   - variables: values by name; one whose whole name has dots goes first.
    /// - Returns: nil when there is no such value.
    package static func value(of name: String, in variables: [String: JSONValue]) -> JSONValue? {
        if let value = variables[name] { return value }
        var steps = name.replacing("[", with: ".").replacing("]", with: "").split(
            separator: ".", omittingEmptySubsequences: false
        ).map(String.init)[...]
        guard steps.count > 1, let first = steps.popFirst(), var value = variables[first] else { return nil }
        // Tables of data hold maps as JSON in a cell.
        if let text = value.string, let json = try? JSONValue(parsing: text) { value = json }
        for step in steps {
            guard let inner = value[step] ?? Int(step).flatMap({ value[$0] }) else { return nil }
            value = inner
        }
        return value
    }
}
