import JSONModel
import Reports
import Specs
import TextSafety

/// What somebody who judges replied: `{"pass": true, "score": 0.9, "reason": "…"}`, perhaps among other words.
struct JudgeReply: Equatable {
    let pass: Bool?
    let score: Double?
    let reason: String

    /// Why a reply is no verdict, as half a sentence behind “the judge”.
    struct Problem: Error, Equatable {
        let message: String
    }

    /// What a judge was asked for.
    enum Kind {
        case rubric
        /// A category of facts, from A to E.
        case facts

        /// Keys by which a verdict is known among other objects.
        fileprivate var keys: [String] {
            switch self {
            case .rubric: ["pass", "score"]
            case .facts: ["category"]
            }
        }
    }

    /// Reads a reply: the last object that is a verdict counts, because drafts and quotations stand before it.
    ///
    /// What was thought aloud before `</think>` is no part of the reply. A verdict that passes after one that fails may
    /// be a quotation of what was judged, and counts for nothing.
    ///
    /// - Parameters:
    ///   - text: the whole reply.
    ///   - kind: what was asked for.
    /// - Throws: ``Problem``.
    init(_ text: String, _ kind: Kind = .rubric) throws(Problem) {
        let (last, drafts) = try Self.verdicts(in: text, by: kind.keys)
        let reply = try JudgeReply(json: last, kind)
        var hasFailure = false
        for verdict in drafts where try JudgeReply(json: verdict, kind).pass == false { hasFailure = true }
        if hasFailure, reply.pass == true { throw Problem(message: "gave two verdicts that contradict each other") }
        self = reply
    }

    /// Which of two answers a judge prefers. Two different words of which neither is thought aloud count for nothing.
    ///
    /// - Parameter text: the whole reply.
    /// - Returns: its choice.
    /// - Throws: ``Problem``.
    static func choice(in text: String) throws(Problem) -> Preference.Choice {
        let (last, drafts) = try verdicts(in: text, by: ["better"])
        guard drafts.allSatisfy({ $0["better"] == last["better"] }) else {
            throw Problem(message: "gave two verdicts that contradict each other")
        }
        switch last["better"]?.string?.lowercased() {
        case "first": return .first
        case "second": return .second
        case "neither": return .neither
        default: throw Problem(message: "named neither answer: \(Show.quoted(last.text()))")
        }
    }

    /// The objects of a reply that have one of some keys: the last one, and those before it.
    private static func verdicts(
        in text: String, by keys: [String]
    ) throws(Problem) -> (last: JSONValue, drafts: ArraySlice<JSONValue>) {
        let end = text.ranges(of: "</think>").last?.upperBound ?? text.startIndex
        let said = String(text[end...])
        guard said.contains(where: { !$0.isWhitespace }) else { throw Problem(message: "wrote nothing") }
        let found = FoundJSON(in: said, leniently: true)
        if let limit = found.limit { throw Problem(message: "wrote too much: \(limit)") }
        let verdicts = found.documents.filter { document in keys.contains { document[$0] != nil } }
        guard let last = verdicts.last else { throw Problem(message: "gave no verdict: \(Show.quoted(said))") }
        return (last, verdicts.dropLast())
    }

    private init(json: JSONValue, _ kind: Kind) throws(Problem) {
        let words = json["reason"]?.string.map { InertText.excerpt($0) }
        switch kind {
        case .facts:
            guard let category = Self.category(json["category"]) else {
                throw Problem(message: "named no category from A to E: \(Show.quoted(json.text()))")
            }
            // Only a contradiction fails.
            self.init(
                pass: category != "D", score: category == "D" ? 0 : 1,
                reason: "category \(category): \(words ?? "no reason given")")
        case .rubric:
            if let pass = json["pass"], pass.bool == nil {
                throw Problem(message: "wrote \(pass.text()) for pass, which is neither true nor false")
            }
            if let score = json["score"], score.double == nil {
                throw Problem(message: "wrote \(score.text()) for its score, which is no number")
            }
            self.init(
                pass: json["pass"]?.bool, score: json["score"]?.double, reason: words ?? "no reason given")
            if let score, !(0...1).contains(score) {
                throw Problem(message: "gave a score of \(Show.number(score)), which is not between 0 and 1")
            }
            if (pass == true && score == 0) || (pass == false && score == 1) {
                throw Problem(message: "contradicts itself: pass \(pass == true) with a score of \(score == 0 ? 0 : 1)")
            }
        }
    }

    private init(pass: Bool?, score: Double?, reason: String) {
        self.pass = pass
        self.score = score
        self.reason = reason
    }

    /// `A`, `(A)`, `A: …`.
    private static func category(_ value: JSONValue?) -> Character? {
        let letters = (value?.string ?? "").uppercased().drop { $0 == "(" || $0.isWhitespace }
        guard let first = letters.first, "ABCDE".contains(first) else { return nil }
        return letters.dropFirst().first.map { $0.isLetter || $0.isNumber } == true ? nil : first
    }

    /// A threshold is held against the score; without one the judge's own word counts. A reply with neither is broken.
    func finding(_ claim: String, _ threshold: Double?) -> Finding {
        let seen = score.map { "score \(Show.number($0)): \(reason)" } ?? reason
        if let threshold {
            guard let score else { return Finding(unknown: "the judge gave no score", claim: claim) }
            return Finding(Score.reaches(score, threshold) && pass != false, claim: claim, seen: seen, score: score)
        }
        guard let pass else { return Finding(unknown: "the judge gave no verdict: \(reason)", claim: claim) }
        return Finding(pass, claim: claim, seen: seen, score: score)
    }
}
