import Diagnostics
import JSONModel
import JSONRules
import States
import YAMLSyntax

extension SpecPatch {
    /// The prompt whose parts are joined by empty lines, with another part: the one that differs, in the spec or in its file.
    func part(
        _ items: [YAMLNode], _ wanted: String, _ contents: (String) -> String?
    ) throws(Refusal) -> Outcome {
        var parts: [String] = []
        for item in items {
            guard let part = item.scalar?.text ?? item["file"]?.scalar.flatMap({ contents($0.text) }) else {
                throw .reference(item.reference ?? "")
            }
            parts.append(part)
        }
        for (index, item) in items.enumerated() {
            let before = parts[..<index].map { $0 + "\n\n" }.joined()
            let after = parts[(index + 1)...].map { "\n\n" + $0 }.joined()
            guard wanted.hasPrefix(before), wanted.hasSuffix(after),
                wanted.unicodeScalars.count >= before.unicodeScalars.count + after.unicodeScalars.count
            else { continue }
            let new = String(wanted.dropFirst(before.count).dropLast(after.count))
            if let path = item["file"]?.scalar?.text { return .file(path: path, text: new + "\n") }
            return .spec(try replacing(item, by: .string(new)))
        }
        throw .severalParts
    }

    /// The text with another list: items that mean the same stay as they are written, also those that come from elsewhere.
    ///
    /// - Parameters:
    ///   - items: as they are written.
    ///   - list: around them.
    ///   - before: what they say, one for one.
    ///   - wanted: what the list is to say.
    /// - Returns: the text.
    /// - Throws: ``Refusal``.
    func items(
        _ items: [YAMLNode], of list: YAMLNode, from before: [JSONValue], to wanted: [JSONValue]
    ) throws(Refusal) -> String {
        guard items.count == before.count, !items.isEmpty else { throw .crowded }
        var rest = wanted
        var fates = before.map { value -> Fate in
            guard let place = rest.firstIndex(where: { $0.isSame(as: value) }) else { return .goes }
            rest.remove(at: place)
            return .stays
        }
        for (index, value) in before.enumerated() where fates[index] == .goes {
            guard let place = rest.firstIndex(where: { ToolIdentity($0) == ToolIdentity(value) }) else { continue }
            if let name = items[index]["use"]?.scalar?.text { throw .sharedItem(name) }
            if let kind = items[index].referenceWithin { throw .reference(kind) }
            fates[index] = .becomes(rest.remove(at: place))
        }
        return text.slice(list.range).hasPrefix("[")
            ? try inLine(items, of: list, fates, adding: rest) : try onLines(items, fates, adding: rest)
    }

    /// What becomes of an item.
    private enum Fate: Equatable {
        case stays, goes
        case becomes(JSONValue)
    }

    /// `[a, b]`, written anew of the items' own words. JSON is YAML there.
    private func inLine(
        _ items: [YAMLNode], of list: YAMLNode, _ fates: [Fate], adding new: [JSONValue]
    ) throws(Refusal) -> String {
        guard !text.hasComment(in: list.range.start.line..<list.range.end.line + 1) else { throw .commented }
        let kept = zip(items, fates).compactMap { item, fate -> String? in
            switch fate {
            case .stays: String(text.slice(item.range))
            case .becomes(let value): value.text()
            case .goes: nil
            }
        }
        return text.replacing(list.range, by: "[\((kept + new.map { $0.text() }).joined(separator: ", "))]")
    }

    /// Items on lines of their own, from the last to the first, so that places stay what they are.
    private func onLines(_ items: [YAMLNode], _ fates: [Fate], adding new: [JSONValue]) throws(Refusal) -> String {
        guard let first = items.first, let last = items.last, fates.contains(where: { $0 != .goes }) || !new.isEmpty
        else {
            throw .crowded
        }
        let dash = text.indentation(ofLine: first.range.start.line)
        var result = text.inserting(
            new.map { Self.line(of: $0, indentation: dash) }.joined(), atLine: lines(of: last).upperBound)
        for (item, fate) in zip(items, fates).reversed() where fate != .stays {
            let lines = lines(of: item)
            guard !text.hasComment(in: lines) else { throw .commented }
            result = SourceText(result).removingLines(lines)
            guard case .becomes(let value) = fate else { continue }
            result = SourceText(result).inserting(
                Self.line(of: value, indentation: dash), atLine: lines.lowerBound)
        }
        return result
    }

    /// One item replaced by a value.
    private func replacing(_ item: YAMLNode, by value: JSONValue) throws(Refusal) -> String {
        let start = text.lineStart(of: item.range.start)
        guard start.trimmingPrefix(while: { $0 == " " }) == "- " else {
            return text.replacing(item.range, by: value.text())
        }
        let lines = lines(of: item)
        guard !text.hasComment(in: lines) else { throw .commented }
        let rest = SourceText(text.removingLines(lines))
        return rest.inserting(
            Self.line(of: value, indentation: text.indentation(ofLine: lines.lowerBound)), atLine: lines.lowerBound)
    }

    /// The lines that an item covers, without empty ones and comments below it.
    func lines(of item: YAMLNode) -> Range<Int> {
        let (start, place) = (item.range.start.line, item.range.end)
        var end = place.line > start && text.isAlone(place) ? place.line : place.line + 1
        while end - 1 > start, text.isLayout(line: end - 1) { end -= 1 }
        return start..<max(end, start + 1)
    }

    /// `- value` with its line breaks.
    private static func line(of value: JSONValue, indentation: Int) -> String {
        let lines = YAMLWriter.text(["x": [value]]).split(separator: "\n", omittingEmptySubsequences: false)
            .dropFirst().dropLast()
        let margin = String(repeating: " ", count: indentation)
        return lines.map { $0.isEmpty ? "\n" : margin + $0.dropFirst(2) + "\n" }.joined()
    }
}

extension YAMLNode {
    /// The kind of a reference, such as `env`; nil for a value that stands there itself.
    var reference: String? {
        guard let pairs, References.isReference(pairs.map { ($0.name, $0.value.scalar != nil) }) else { return nil }
        return pairs.first { $0.name != "secret" }?.name
    }

    /// The kind of the first reference inside of it.
    var referenceWithin: String? {
        reference ?? pairs?.lazy.compactMap(\.value.referenceWithin).first
            ?? items?.lazy.compactMap(\.referenceWithin).first
    }
}
