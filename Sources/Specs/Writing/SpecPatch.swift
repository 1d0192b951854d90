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
        /// An item of a list comes from elsewhere, such as a shared tool.
        case sharedItem(String)
        /// What is in the way has a comment, which would be lost.
        case commented
        /// `environments.NAME` of the spec says it, and other environments something else.
        case override(String)
        /// It stands where it is shared, by an anchor or a merge key.
        case shared
        /// A member of a map would have to be taken out of a line with others.
        case crowded
        /// More than one part of a prompt would change.
        case severalParts
        case noSpec

        /// The reason as a sentence's end: "left alone, because …".
        package var sentence: String {
            switch self {
            case .reference(let kind): "it is written as {\(kind): …}, which cannot say what the server has"
            case .sharedItem(let item): "\(item), which other specs may use, would have to say something else"
            case .commented: "a comment stands inside of what would be replaced"
            case .override(let name): "environments.\(name) of the spec says it"
            case .shared: "it is shared with other places of the file"
            case .crowded: "members of its map share a line"
            case .severalParts: "more than one of the parts that it is made of would change"
            case .noSpec: "the file is not a spec that can be read"
            }
        }
    }

    let text: SourceText
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
    ///   - before: what it says, references followed.
    ///   - contents: of a file that a field names; nil where it cannot be read.
    /// - Returns: what is to be written.
    /// - Throws: ``Refusal``.
    package func setting(
        _ field: AssistantField, to value: JSONValue, from before: JSONValue = .null,
        contents: (String) -> String? = { _ in nil }
    ) throws(Refusal) -> Outcome {
        let overrides = pairs.first { $0.name == "environments" }?.value[environment]
        if overrides?[field.rawValue] != nil { throw .override(environment) }
        guard let pair = pairs.first(where: { $0.name == field.rawValue }) else {
            return .spec(text.inserting(YAMLWriter.text([field.rawValue: value]), atLine: lineForNew(field)))
        }
        guard text.slice(pair.nameRange).contains(field.rawValue), pair.nameRange.end <= pair.value.range.start else {
            throw .shared
        }
        switch pair.value.content {
        case .sequence(let items):
            if field == .instructions, let wanted = value.string { return try part(items, wanted, contents) }
            guard let wanted = value.array else { return .spec(try whole(pair, by: value)) }
            return .spec(try self.items(items, of: pair.value, from: before.array ?? [], to: wanted))
        case .scalar: return .spec(replacing(pair, by: value))
        case .mapping(let members):
            if field == .metadata, let wanted = value.object {
                return .spec(try self.members(members, wanted, from: before.object ?? [:]))
            }
            guard let kind = pair.value.reference else { return .spec(try whole(pair, by: value)) }
            guard kind == "file", let path = members.first?.value.scalar?.text, let content = value.string else {
                throw .reference(kind)
            }
            // Reading drops one line break at the end.
            return .file(path: path, text: content + "\n")
        }
    }

    /// The text with all of a map or list replaced, where nothing but values stands in it.
    private func whole(_ pair: YAMLPair, by value: JSONValue) throws(Refusal) -> String {
        if let kind = pair.value.referenceWithin { throw .reference(kind) }
        guard !text.hasComment(in: lines(of: pair.value)) else { throw .commented }
        return replacing(pair, by: value)
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
    private func members(
        _ old: [YAMLPair], _ wanted: JSONObject, from before: JSONObject
    ) throws(Refusal) -> String {
        var result = text
        for member in old.reversed() {
            // A reference that still says what it should is kept.
            if let value = wanted[member.name], value == before[member.name] { continue }
            guard let scalar = member.value.scalar else { throw .reference(member.value.reference ?? "") }
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
