package import JSONModel
import YAMLSyntax

/// Writes values as YAML that ``YAMLParser`` reads back as they were: the canonical layout of specs.
package enum YAMLWriter {
    /// A map, one key per line.
    ///
    /// - Parameter object: the members, in the order to be written.
    /// - Returns: lines, each ended.
    package static func text(_ object: JSONObject) -> String {
        members(object, indentation: 0)
    }

    private static func members(_ object: JSONObject, indentation: Int) -> String {
        object.map { key, value in
            let (name, value) = (inline(key), after(value, indentation: indentation))
            // libyaml takes a key on the line of its value for one only up to 1,024 characters.
            return name.utf8.count < 1_000
                ? "\(spaces(indentation))\(name):\(value)"
                : "\(spaces(indentation))? \(name)\n\(spaces(indentation)):\(value)"
        }.joined()
    }

    /// What stands behind `key:`, its line break included.
    private static func after(_ value: JSONValue, indentation: Int) -> String {
        switch value {
        case .object(let object) where !object.isEmpty:
            return "\n" + members(object, indentation: indentation + 2)
        case .array(let items) where !items.isEmpty:
            return "\n" + items.map { item(of: $0, indentation: indentation + 2) }.joined()
        case .string(let text) where isBlock(text):
            return block(text, indentation: indentation + 2)
        default: return " \(scalar(value))\n"
        }
    }

    private static func item(of value: JSONValue, indentation: Int) -> String {
        guard let object = value.object, !object.isEmpty else {
            return "\(spaces(indentation))-\(after(value, indentation: indentation))"
        }
        // The first key shares the line of the dash.
        let lines = members(object, indentation: indentation + 2)
        return "\(spaces(indentation))- \(lines.dropFirst(indentation + 2))"
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): inline(text)
        case .array: "[]"
        case .object: "{}"
        case .number: decimal(value.text())
        default: value.text()
        }
    }

    /// `1e-05` would be a number to some readers of YAML and a text to others; with a point it is one to all.
    private static func decimal(_ text: String) -> String {
        guard let mark = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return "\(text[..<mark]).0\(text[mark...])"
    }

    /// Plain where no reader could take it for anything else, quoted otherwise.
    private static func inline(_ text: String) -> String {
        let isPlain =
            text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || " _-./".unicodeScalars.contains($0)
            }
            && text.first?.isLetter == true && text.last != " "
        guard isPlain, YAMLScalar(text: text, isPlain: true).value == .string(text),
            !oldBooleans.contains(text.lowercased())
        else { return quoted(text) }
        return text
    }

    /// Text to us, but truth to readers of YAML 1.1.
    private static let oldBooleans: Set<String> = ["y", "n", "yes", "no", "on", "off"]

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if isUnprintable(scalar) {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// What YAML (1.2, section 5.1) does not allow to stand as it is, and what nobody would see.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    /// Texts of several lines that a literal block keeps as they are.
    private static func isBlock(_ text: String) -> Bool {
        text.contains("\n") && text.first != "\n" && text.first != " "
            && !text.unicodeScalars.contains { $0 != "\n" && isUnprintable($0) }
    }

    private static func block(_ text: String, indentation: Int) -> String {
        let endings = text.reversed().prefix { $0 == "\n" }.count
        let mark = endings == 0 ? "|-" : endings == 1 ? "|" : "|+"
        let lines = text.dropLast(endings == 0 ? 0 : 1).split(separator: "\n", omittingEmptySubsequences: false)
        return " \(mark)\n" + lines.map { $0.isEmpty ? "\n" : "\(spaces(indentation))\($0)\n" }.joined()
    }

    private static func spaces(_ count: Int) -> String {
        String(repeating: " ", count: count)
    }
}
