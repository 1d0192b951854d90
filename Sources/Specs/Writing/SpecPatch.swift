import Diagnostics
package import JSONModel
package import States
import YAMLSyntax

/// Edits the text of a spec so that one field says something else; everything beside it stays byte for byte.
package struct SpecPatch {
    /// What is to be written instead.
    package enum Outcome: Equatable, Sendable {
        /// The spec's own text.
        case spec(String)
        /// The file that the field names; its path is that in the spec.
        case file(path: String, text: String)
    }

    /// Why a field is left alone.
    package enum Refusal: Error, Equatable, Sendable {
        /// It is written as `{env: …}` or another reference that cannot say a value.
        case reference(String)
        case list
        /// `environments.NAME` of the spec says it, and other environments something else.
        case override(String)
        /// It stands where it is shared, by an anchor or a merge key.
        case shared
        /// A member of a map would have to be taken out of a line with others.
        case crowded
        case noSpec

        /// The reason as a sentence's end: "left alone, because …".
        package var sentence: String {
            switch self {
            case .reference(let kind): "it is written as {\(kind): …}, which cannot say what the server has"
            case .list: "it is a list, whose items may come from other files"
            case .override(let name): "environments.\(name) of the spec says it"
            case .shared: "it is shared with other places of the file"
            case .crowded: "members of its map share a line"
            case .noSpec: "the file is not a spec that can be read"
            }
        }
    }

    private let text: SourceText
    private let pairs: [YAMLPair]
    private let environment: String

    /// Reads a spec; nil for what is no map.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - environment: whose overrides decide.
    package init?(_ bytes: [UInt8], environment: String) {
        let collector = DiagnosticCollector()
        guard let node = YAMLParser.parse(bytes, file: "", into: collector), let pairs = node.pairs else { return nil }
        text = SourceText(String(decoding: bytes, as: UTF8.self))
        self.pairs = pairs
        self.environment = environment
    }

    /// The text with another value of a field.
    ///
    /// - Parameters:
    ///   - field: which.
    ///   - value: what it is to say; null for nothing.
    /// - Returns: what is to be written.
    /// - Throws: ``Refusal``.
    package func setting(_ field: AssistantField, to value: JSONValue) throws(Refusal) -> Outcome {
        let overrides = pairs.first { $0.name == "environments" }?.value[environment]
        if overrides?[field.rawValue] != nil { throw .override(environment) }
        guard let pair = pairs.first(where: { $0.name == field.rawValue }) else {
            return .spec(text.inserting(YAMLWriter.text([field.rawValue: value]), atLine: lineForNew(field)))
        }
        guard text.slice(pair.nameRange).contains(field.rawValue), pair.nameRange.end <= pair.value.range.start else {
            throw .shared
        }
        switch pair.value.content {
        case .sequence: throw .list
        case .scalar: return .spec(replacing(pair, by: value))
        case .mapping(let members):
            if field == .metadata, let wanted = value.object { return .spec(try self.members(members, wanted)) }
            guard members.count == 1, let kind = members.first else { throw .reference("") }
            guard kind.name == "file", let path = kind.value.scalar?.text, let content = value.string else {
                throw .reference(kind.name)
            }
            // Reading drops one line break at the end.
            return .file(path: path, text: content + "\n")
        }
    }

    /// Below the nearest field that comes before it in the order of specs.
    private func lineForNew(_ field: AssistantField) -> Int {
        let earlier = ["assistant"] + AssistantField.allCases.prefix { $0 != field }.map(\.rawValue)
        let present = earlier.reversed().lazy.compactMap { name in pairs.first { $0.name == name } }
        guard let last = present.first else { return 1 }
        let end = last.value.range.end
        return end.column == 1 ? end.line : end.line + 1
    }

    private func replacing(_ pair: YAMLPair, by value: JSONValue) -> String {
        var new = YAMLWriter.text([pair.name: value])
        let range = SourceRange(file: "", start: pair.nameRange.start, end: pair.value.range.end)
        if range.end.column == 1 {
            // A block ended here; empty lines below it belong to the layout.
            let blank = text.slice(range).reversed().prefix { $0.isNewline }.count
            return text.replacing(range, by: new + String(repeating: "\n", count: max(0, blank - 1)))
        }
        new.removeLast()
        let rest = text.restOfLine(from: range.end)
        guard new.contains("\n"), rest.contains("#") else { return text.replacing(range, by: new) }
        // A comment behind a value of one line goes above one of several.
        let line = text.replacing(range.through(rest), by: new)
        return SourceText(line).inserting(rest.drop { $0 == " " } + "\n", atLine: range.start.line)
    }

    /// The members of a map that differ; those that stay keep their place.
    private func members(_ old: [YAMLPair], _ wanted: JSONObject) throws(Refusal) -> String {
        var result = text
        for member in old.reversed() {
            guard let scalar = member.value.scalar else { throw .reference(member.value.pairs?.first?.name ?? "") }
            let isAlone = text.isAlone(member.nameRange.start)
            if let value = wanted[member.name] {
                guard value != .string(scalar.text) else { continue }
                let new = YAMLWriter.text([member.name: value]).dropLast()
                guard !new.contains("\n") else { throw .crowded }
                let range = SourceRange(file: "", start: member.nameRange.start, end: member.value.range.end)
                result = SourceText(result.replacing(range, by: String(new)))
            } else {
                guard isAlone, member.value.range.end.line == member.nameRange.start.line else { throw .crowded }
                result = SourceText(result.removingLine(member.nameRange.start.line))
            }
        }
        let known = Set(old.map(\.name))
        let new = wanted.filter { !known.contains($0.key) }
        guard !new.isEmpty else { return result.text }
        guard let last = old.last, text.isAlone(last.nameRange.start) else { throw .crowded }
        let indentation = String(repeating: " ", count: last.nameRange.start.column - 1)
        let lines = YAMLWriter.text(new).split(separator: "\n").map { indentation + $0 + "\n" }
        let isKept = wanted[last.name] != nil
        return result.inserting(lines.joined(), atLine: last.nameRange.start.line + (isKept ? 1 : 0))
    }
}

/// A text by lines and columns, as places of YAML count them.
private struct SourceText {
    let text: String
    private let lines: [String.UnicodeScalarView.Index]

    init(_ text: String) {
        self.text = text
        let scalars = text.unicodeScalars
        lines = [scalars.startIndex] + scalars.indices.filter { scalars[$0] == "\n" }.map { scalars.index(after: $0) }
    }

    private func index(_ place: SourcePosition) -> String.Index {
        let scalars = text.unicodeScalars
        guard lines.indices.contains(place.line - 1) else { return text.endIndex }
        return scalars.index(lines[place.line - 1], offsetBy: place.column - 1, limitedBy: scalars.endIndex)
            ?? scalars.endIndex
    }

    func slice(_ range: SourceRange) -> Substring {
        text[index(range.start)..<max(index(range.start), index(range.end))]
    }

    func restOfLine(from place: SourcePosition) -> String {
        String(text[index(place)...].prefix { !$0.isNewline })
    }

    /// Whether nothing but spaces stands before a place in its line.
    func isAlone(_ place: SourcePosition) -> Bool {
        slice(SourceRange(file: "", start: SourcePosition(line: place.line, column: 1), end: place))
            .allSatisfy { $0 == " " }
    }

    func replacing(_ range: SourceRange, by new: String) -> String {
        String(text[..<index(range.start)]) + new + text[max(index(range.start), index(range.end))...]
    }

    func inserting(_ new: String, atLine line: Int) -> String {
        let place = index(SourcePosition(line: line, column: 1))
        let before = text[..<place]
        let separator = before.isEmpty || before.hasSuffix("\n") ? "" : "\n"
        return before + separator + new + text[place...]
    }

    func removingLine(_ line: Int) -> String {
        let start = SourcePosition(line: line, column: 1)
        return replacing(SourceRange(file: "", start: start, end: SourcePosition(line: line + 1, column: 1)), by: "")
    }
}

extension SourceRange {
    /// The same range with what follows it in its line.
    fileprivate func through(_ rest: String) -> SourceRange {
        let end = SourcePosition(line: end.line, column: end.column + rest.unicodeScalars.count)
        return SourceRange(file: file, start: start, end: end)
    }
}
