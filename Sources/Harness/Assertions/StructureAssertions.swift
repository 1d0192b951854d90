import JSONModel
import Specs

/// Assertions on JSON in an answer.
enum StructureAssertions {
    static func finding(_ spec: AssertionSpec, _ turn: TurnResult) -> Finding {
        if spec.type == .jsonPath { return path(spec.value ?? .null, turn) }
        // Written out: a bare nil here could mean JSON's null.
        let schema: JSONValue? = spec.value?.isNull == true ? Optional.none : spec.value
        let condition = schema == nil ? "" : " that fits the schema"
        if spec.type == .containsJSON {
            let found = documents(in: turn.text)
            let fitting = found.contains { document in
                schema.map { JSONSchema.problems(of: document, $0).isEmpty } ?? true
            }
            return Finding(fitting, claim: "contains JSON\(condition)", seen: Show.quoted(turn.text))
        }
        guard let document = try? JSONValue(parsing: turn.text) else {  // not JSON is the finding, not a failure
            return Finding(false, claim: "is JSON\(condition)", seen: Show.quoted(turn.text))
        }
        let problems = schema.map { JSONSchema.problems(of: document, $0) } ?? []
        let seen = problems.isEmpty ? Show.quoted(turn.text) : problems.prefix(3).joined(separator: "; ")
        return Finding(problems.isEmpty, claim: "is JSON\(condition)", seen: seen)
    }

    /// `path` in the answer's JSON, held against every predicate that stands beside it.
    private static func path(_ value: JSONValue, _ turn: TurnResult) -> Finding {
        let written = value["path"]?.string ?? ""
        let predicates = (value.object ?? [:]).filter { $0.key != "path" }
        let condition = predicates.isEmpty ? "exists" : JSONValue.object(predicates).text()
        let claim = "\(written) \(condition)"
        guard let path = JSONPath(written) else {
            return Finding(unknown: "“\(written)” is not a path such as $.items[0].name", claim: claim)
        }
        let whole = try? JSONValue(parsing: turn.text)  // prose may stand around it
        let document = whole ?? documents(in: turn.text).first
        guard let document else { return Finding(false, claim: claim, seen: Show.quoted(turn.text)) }
        let found = path.value(in: document)
        var holds = !predicates.isEmpty || found != nil
        for (name, wanted) in predicates {
            guard let truth = Predicate.holds(name, wanted, found) else {
                return Finding(unknown: "there is no predicate \"\(name)\"", claim: claim)
            }
            holds = holds && truth
        }
        return Finding(holds, claim: claim, seen: found.map { Show.quoted($0.text()) } ?? "nothing there")
    }

    /// Objects and lists that stand anywhere in a text, outermost first; at most a hundred places are tried.
    static func documents(in text: String) -> [JSONValue] {
        let bytes = Array(text.utf8)
        var found: [JSONValue] = []
        var tries = 0
        var index = 0
        while index < bytes.count, tries < 100 {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "[") else { continue }
            tries += 1
            guard let end = balancedEnd(bytes, from: index) else { continue }
            guard let document = try? JSONValue(parsing: bytes[index...end]) else { continue }  // only braces in prose
            found.append(document)
            index = end
        }
        return found
    }

    /// The bracket that closes the one at `start`, outside of strings.
    private static func balancedEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var inString = false
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\") where inString: index += 1
            case UInt8(ascii: "\""): inString.toggle()
            case UInt8(ascii: "{") where !inString, UInt8(ascii: "[") where !inString: depth += 1
            case UInt8(ascii: "}") where !inString, UInt8(ascii: "]") where !inString:
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
            index += 1
        }
        return nil
    }
}
