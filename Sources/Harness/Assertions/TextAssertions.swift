import AssistantsClient
import JSONModel
import JSONRules
import Patterns
import Specs

/// Assertions on the text of an answer.
enum TextAssertions {
    static func finding(_ check: AssertionCheck, _ view: View) -> Finding {
        switch check {
        case .text(let relation, let part, let ignoringCase): text(relation, part, ignoringCase, view)
        case .json(let value): json(value, view)
        case .anyText(let parts, let ignoringCase):
            Finding(
                parts.contains { contains($0, view.text, ignoringCase) }, claim: "contains any of \(Show.list(parts))",
                seen: Show.quoted(view.text))
        case .allTexts(let parts, let ignoringCase): allTexts(parts, ignoringCase, view)
        case .pattern(let pattern): self.pattern(pattern, view)
        case .wordCount(let bounds): wordCount(bounds, view)
        case .editDistance(let reference, let limit): editDistance(reference, limit, view)
        case .refusal(let phrases): refusal(phrases, view)
        default: Finding(unknown: "it is not about text", claim: "a text")
        }
    }

    private static func text(
        _ relation: AssertionCheck.Relation, _ part: String, _ ignoringCase: Bool, _ view: View
    ) -> Finding {
        let holds =
            switch relation {
            case .equals: ScalarText.equals(view.text, part)
            case .contains: contains(part, view.text, ignoringCase)
            case .startsWith: ScalarText.starts(view.text, with: part)
            case .endsWith: ScalarText.ends(view.text, with: part)
            }
        return Finding(holds, claim: "\(relation.rawValue) \(Show.quoted(part))", seen: Show.quoted(view.text))
    }

    /// A list or a map is compared with the answer read as JSON.
    private static func json(_ value: JSONValue, _ view: View) -> Finding {
        let answer = try? JSONValue(parsing: view.text)  // an answer that is no JSON equals none
        return Finding(
            answer?.isSame(as: value) ?? false, claim: "equals \(value.text())", seen: Show.quoted(view.text))
    }

    private static func allTexts(_ parts: [String], _ ignoringCase: Bool, _ view: View) -> Finding {
        let missing = parts.filter { !contains($0, view.text, ignoringCase) }
        let seen = missing.isEmpty ? "" : "\(Show.list(missing)) missing in "
        return Finding(
            missing.isEmpty, claim: "contains all of \(Show.list(parts))", seen: seen + Show.quoted(view.text))
    }

    private static func contains(_ part: String, _ text: String, _ ignoringCase: Bool) -> Bool {
        ignoringCase
            ? ScalarText.contains(ScalarText.folded(text), ScalarText.folded(part)) : ScalarText.contains(text, part)
    }

    private static func pattern(_ pattern: Pattern, _ view: View) -> Finding {
        let claim = "matches \(pattern.shown)"
        do {
            return Finding(try pattern.isFound(in: view.text), claim: claim, seen: Show.quoted(view.text))
        } catch {
            return Finding(unknown: error.description, claim: claim)
        }
    }

    /// Words are what white space separates.
    private static func wordCount(_ bounds: CountBounds, _ view: View) -> Finding {
        let count = view.text.split { $0.isWhitespace }.count
        return Finding(
            bounds.holds(count), claim: "has \(bounds.words) words", seen: "\(count) words in \(Show.quoted(view.text))"
        )
    }

    private static func editDistance(_ reference: String, _ limit: Double, _ view: View) -> Finding {
        let claim = "is within \(Show.number(limit)) edits of \(Show.quoted(reference))"
        let longest = 10_000
        let (a, b) = (Array(view.text.unicodeScalars), Array(reference.unicodeScalars))
        guard a.count <= longest, b.count <= longest else {
            return Finding(unknown: "texts of over \(longest) characters are not compared by edits", claim: claim)
        }
        let distance = EditDistance.between(a, b, atMost: Int(min(limit, Double(longest))))
        let seen = distance.map { "\($0) edits" } ?? "more edits"
        return Finding(
            distance.map { Double($0) <= limit } ?? false, claim: claim, seen: "\(seen) in \(Show.quoted(view.text))")
    }

    private static func refusal(_ phrases: [String], _ view: View) -> Finding {
        let refusals = view.turn.answer.refusals
        let phrase = RefusalPhrases.phrase(in: view.text, alsoBy: phrases)
        let seen = refusals.first.map { "the refusal \(Show.quoted($0))" } ?? Show.quoted(view.text)
        return Finding(!refusals.isEmpty || phrase != nil, claim: "is a refusal", seen: seen)
    }
}

/// The number of insertions, deletions and replacements between two texts (Levenshtein).
enum EditDistance {
    /// Counts edits as far as they matter.
    ///
    /// - Parameters:
    ///   - a: one text.
    ///   - b: the other.
    ///   - limit: how many edits there may be; only places that near to each other are compared.
    /// - Returns: the number of edits; nil for more than the limit.
    static func between(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost limit: Int) -> Int? {
        guard abs(a.count - b.count) <= limit else { return nil }
        let far = limit + 1
        var last = (0...b.count).map { min($0, far) }
        for i in a.indices {
            let (low, high) = (max(0, i - limit), min(b.count, i + limit + 1))
            var row = [Int](repeating: far, count: b.count + 1)
            row[0] = min(i + 1, far)
            for j in low..<high {
                row[j + 1] = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1, far)
            }
            last = row
        }
        return last[b.count] <= limit ? last[b.count] : nil
    }
}
