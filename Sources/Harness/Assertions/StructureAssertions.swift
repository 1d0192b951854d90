import JSONModel
import JSONRules
import Patterns
import Specs

/// Assertions on JSON in an answer.
enum StructureAssertions {
    static func finding(_ check: AssertionCheck, _ view: View) -> Finding {
        switch check {
        case .isJSON(let schema): isJSON(schema, view)
        case .containsJSON(let schema): containsJSON(schema, view)
        case .jsonPath(let path): self.path(path, view)
        default: Finding(unknown: "it is not about JSON", claim: "JSON")
        }
    }

    private static func isJSON(_ schema: JSONSchema?, _ view: View) -> Finding {
        let claim = "is JSON" + (schema == nil ? "" : " that fits the schema")
        guard let document = try? JSONValue(parsing: view.text) else {  // not JSON is the finding, not a failure
            return Finding(false, claim: claim, seen: Show.quoted(view.text))
        }
        switch schema?.verdict(on: document) {
        case nil, .fits?: return Finding(true, claim: claim, seen: Show.quoted(view.text))
        case .differs(let problems)?:
            return Finding(false, claim: claim, seen: problems.prefix(3).joined(separator: "; "))
        case .unknown(let reason)?: return Finding(unknown: reason, claim: claim)
        }
    }

    /// Some document in the text fits.
    private static func containsJSON(_ schema: JSONSchema?, _ view: View) -> Finding {
        let claim = "contains JSON" + (schema == nil ? "" : " that fits the schema")
        let whole = try? JSONValue(parsing: view.text)  // prose may stand around it
        let found = FoundJSON(in: view.text)
        var reason = found.limit
        for document in whole.map({ [$0] }) ?? found.documents {
            switch schema?.verdict(on: document) {
            case nil, .fits?: return Finding(true, claim: claim, seen: Show.quoted(view.text))
            case .differs?: continue
            case .unknown(let why)?: reason = why
            }
        }
        if let reason { return Finding(unknown: reason, claim: claim) }
        return Finding(false, claim: claim, seen: Show.quoted(view.text))
    }

    /// The path in the answer's JSON, held against every predicate that stands beside it.
    private static func path(_ check: JSONPathCheck, _ view: View) -> Finding {
        let whole = try? JSONValue(parsing: view.text)  // prose may stand around it
        let found = whole == nil ? FoundJSON(in: view.text) : nil
        guard let document = whole ?? found?.last else {
            if let limit = found?.limit { return Finding(unknown: limit, claim: check.words) }
            return Finding(false, claim: check.words, seen: Show.quoted(view.text))
        }
        do {
            let values = try check.path.matches(in: document).map(\.value)
            let verdict = try verdict(of: check, values)
            let seen = values.isEmpty ? "nothing there" : Show.quoted(values.map { $0.text() }.joined(separator: ", "))
            guard case .unknown(let reason) = verdict else {
                return Finding(verdict == .passed, claim: check.words, seen: seen)
            }
            return Finding(unknown: reason, claim: check.words)
        } catch {
            return Finding(unknown: error.description, claim: check.words)
        }
    }

    private static func verdict(of check: JSONPathCheck, _ values: [JSONValue]) throws(PathLimit) -> Verdict {
        if check.predicates.isEmpty { return Verdict(!values.isEmpty) }
        func holds(_ value: JSONValue?) -> Verdict {
            Verdict.all(check.predicates.map { Predicate.verdict($0, value) })
        }
        switch check.subject {
        case nil: return holds(values.first)
        case .list?: return holds(.array(values))
        case .all?: return values.isEmpty ? holds(nil) : Verdict.all(values.map { holds($0) })
        case .any?:
            let verdicts = values.map { holds($0) }
            if let unknown = verdicts.first(where: { $0 != .passed && $0 != .failed }) { return unknown }
            return values.isEmpty ? holds(nil) : Verdict(verdicts.contains(.passed))
        }
    }
}

/// What may be said about a value.
enum Predicate {
    /// Judges one predicate.
    ///
    /// - Parameters:
    ///   - predicate: what must be true.
    ///   - found: the value; nil when there is none.
    /// - Returns: whether it holds.
    static func verdict(_ predicate: JSONPredicate, _ found: JSONValue?) -> Verdict {
        if case .exists(let wanted) = predicate { return Verdict((found != nil) == wanted) }
        guard let found else { return .failed }
        switch predicate {
        case .exists: return .passed
        case .equals(let wanted): return Verdict(found.isSame(as: wanted))
        case .contains(let wanted):
            if let elements = found.array { return Verdict(elements.contains { $0.isSame(as: wanted) }) }
            return Verdict(ScalarText.contains(found.plainText, wanted.plainText))
        case .startsWith(let part): return Verdict(found.string.map { ScalarText.starts($0, with: part) } ?? false)
        case .endsWith(let part): return Verdict(found.string.map { ScalarText.ends($0, with: part) } ?? false)
        case .matches(let pattern):
            do {
                return Verdict(try pattern.isFound(in: found.plainText))
            } catch {
                return .unknown(error.description)
            }
        case .atLeast(let limit): return Verdict(found.double.map { $0 >= limit } ?? false)
        case .atMost(let limit): return Verdict(found.double.map { $0 <= limit } ?? false)
        case .count(let count):
            return Verdict(
                (found.array?.count ?? found.object?.count ?? found.string?.unicodeScalars.count) == count)
        case .schema(let schema):
            switch schema.verdict(on: found) {
            case .fits: return .passed
            case .differs: return .failed
            case .unknown(let reason): return .unknown(reason)
            }
        }
    }
}
