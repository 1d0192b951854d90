import AssistantsClient
import JSONModel
import Specs

/// Assertions on the text of an answer.
enum TextAssertions {
    static func finding(_ spec: AssertionSpec, _ turn: TurnResult) -> Finding {
        let value = spec.value ?? .null
        switch spec.type {
        case .contains, .icontains: return contains(value.plainText, turn.text, ignoresCase: spec.type == .icontains)
        case .containsAny, .icontainsAny: return containsAny(value.texts, turn.text, spec.type == .icontainsAny)
        case .containsAll, .icontainsAll: return containsAll(value.texts, turn.text, spec.type == .icontainsAll)
        case .startsWith:
            let prefix = value.plainText
            return finding(turn.text.hasPrefix(prefix), "starts with \(Show.quoted(prefix))", turn)
        case .endsWith:
            let suffix = value.plainText
            return finding(turn.text.hasSuffix(suffix), "ends with \(Show.quoted(suffix))", turn)
        case .regex: return regex(value.plainText, turn)
        case .wordCount: return wordCount(value, turn)
        case .levenshtein: return levenshtein(value.plainText, spec.threshold, turn)
        case .isRefusal: return refusal(turn)
        default: return equals(value, turn)
        }
    }

    private static func finding(_ holds: Bool, _ claim: String, _ turn: TurnResult) -> Finding {
        Finding(holds, claim: claim, seen: Show.quoted(turn.text))
    }

    /// A list or a map is compared with the answer read as JSON.
    private static func equals(_ value: JSONValue, _ turn: TurnResult) -> Finding {
        if value.object != nil || value.array != nil {
            let answer = try? JSONValue(parsing: turn.text)  // an answer that is no JSON equals none
            return finding(answer == value, "equals \(value.text())", turn)
        }
        return finding(turn.text == value.plainText, "equals \(Show.quoted(value.plainText))", turn)
    }

    private static func contains(_ part: String, _ text: String, ignoresCase: Bool) -> Finding {
        let holds = Self.holds(part, in: text, ignoresCase: ignoresCase)
        return Finding(holds, claim: "contains \(Show.quoted(part))", seen: Show.quoted(text))
    }

    private static func containsAny(_ parts: [String], _ text: String, _ ignoresCase: Bool) -> Finding {
        let holds = parts.contains { Self.holds($0, in: text, ignoresCase: ignoresCase) }
        return Finding(holds, claim: "contains any of \(Show.list(parts))", seen: Show.quoted(text))
    }

    private static func containsAll(_ parts: [String], _ text: String, _ ignoresCase: Bool) -> Finding {
        let missing = parts.filter { !Self.holds($0, in: text, ignoresCase: ignoresCase) }
        let seen = missing.isEmpty ? "" : "\(Show.list(missing)) missing in "
        return Finding(
            missing.isEmpty, claim: "contains all of \(Show.list(parts))", seen: seen + Show.quoted(text))
    }

    private static func holds(_ part: String, in text: String, ignoresCase: Bool) -> Bool {
        ignoresCase ? text.lowercased().contains(part.lowercased()) : text.contains(part)
    }

    private static func regex(_ pattern: String, _ turn: TurnResult) -> Finding {
        let claim = "matches /\(pattern)/"
        do {
            let regex = try Regex(pattern)
            return finding(try regex.firstMatch(in: turn.text) != nil, claim, turn)
        } catch {
            return Finding(unknown: "the pattern /\(pattern)/ is not a regular expression", claim: claim)
        }
    }

    /// Words are what white space separates; an exact number, or `min` and `max`, both inclusive.
    private static func wordCount(_ value: JSONValue, _ turn: TurnResult) -> Finding {
        let count = turn.text.split { $0.isWhitespace }.count
        let seen = "\(count) words in \(Show.quoted(turn.text))"
        if let exact = value.int { return Finding(count == exact, claim: "has \(exact) words", seen: seen) }
        let minimum = value["min"]?.int ?? 0
        let maximum = value["max"]?.int ?? .max
        let claim = maximum == .max ? "has at least \(minimum) words" : "has \(minimum) to \(maximum) words"
        return Finding(count >= minimum && count <= maximum, claim: claim, seen: seen)
    }

    private static func levenshtein(
        _ reference: String, _ threshold: AssertionThreshold?, _ turn: TurnResult
    ) -> Finding {
        guard case .number(let limit)? = threshold else {
            return Finding(unknown: "no threshold is given", claim: "is near \(Show.quoted(reference))")
        }
        let claim = "is within \(Show.number(limit)) edits of \(Show.quoted(reference))"
        let longest = 10_000
        guard reference.count <= longest, turn.text.count <= longest else {
            return Finding(unknown: "texts of over \(longest) characters are not compared by edits", claim: claim)
        }
        let distance = EditDistance.between(Array(turn.text), Array(reference))
        return Finding(
            Double(distance) <= limit, claim: claim, seen: "\(distance) edits in \(Show.quoted(turn.text))")
    }

    /// Beginnings with which models refuse, in the languages of the vendor's users.
    private static let refusals = [
        "i can't assist", "i cannot assist", "i can't help with", "i cannot help with", "i'm unable to",
        "i am unable to", "i'm not able to", "i am not able to", "i can't provide", "i cannot provide",
        "i can't comply", "i cannot comply", "i must decline", "i won't", "i'm sorry, but i can", "sorry, i can't",
        "無法協助", "無法提供", "不能協助", "不能提供", "無法回答", "恕我無法", "无法协助", "无法提供", "无法回答",
    ]

    /// A refusal part, no text at all, or one of the usual phrases.
    private static func refusal(_ turn: TurnResult) -> Finding {
        let text = String(turn.text.map { $0 == "’" ? "'" : $0 }).lowercased()
        let saysSo = refusals.contains { text.contains($0) }
        let isEmpty = !turn.hasImage && text.allSatisfy(\.isWhitespace)
        let seen = turn.refusals.first.map { "the refusal \(Show.quoted($0))" } ?? Show.quoted(turn.text)
        return Finding(!turn.refusals.isEmpty || saysSo || isEmpty, claim: "is a refusal", seen: seen)
    }
}

/// The number of insertions, deletions and replacements between two texts (Levenshtein).
enum EditDistance {
    static func between(_ a: [Character], _ b: [Character]) -> Int {
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                row.append(min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1))
            }
            last = row
        }
        return last[b.count]
    }
}
