import AssistantsAPI
package import AssistantsClient
package import JSONModel
import Processes
package import Specs
import TextSafety

/// Judges assertions, also those that need a program or a model.
package struct Judge: Sendable {
    /// Asks a model: who it is to be, and the question.
    package typealias Ask = @Sendable (_ system: String, _ question: String) async throws -> String
    /// Turns texts into vectors of one length.
    package typealias Embed = @Sendable (_ texts: [String]) async throws -> [[Double]]

    let ask: Ask?
    /// For `similar`; nil when there is no such model.
    package var embed: Embed?
    /// How often a model is asked about one assertion that does not say; the majority decides.
    package var votes = 1
    /// How long a program may take.
    private let programTimeout: Duration

    /// Sets up a judge.
    ///
    /// - Parameters:
    ///   - programTimeout: how long a program of an assertion may take.
    ///   - ask: asks the judging model; nil when there is none, which makes such assertions errors.
    package init(programTimeout: Duration = .seconds(60), ask: Ask? = nil) {
        self.programTimeout = programTimeout
        self.ask = ask
    }

    /// Judges one assertion.
    ///
    /// - Parameters:
    ///   - spec: what must be true.
    ///   - turn: what came back.
    ///   - mayBeEmpty: whether the test expects that there may be no answer.
    ///   - context: what programs and webhooks are told beside the turn.
    ///   - client: carries the requests of webhooks, without its key; nil makes them errors.
    /// - Returns: the verdict; a judge that fails or answers nonsense is an error, never a pass.
    package func outcome(
        of spec: AssertionSpec, _ turn: TurnResult, mayBeEmpty: Bool = false, context: JSONValue = [:],
        client: AssistantsClient? = nil
    ) async -> AssertionOutcome {
        let check: AssertionCheck
        switch Assertions.readiness(spec, turn, mayBeEmpty) {
        case .decided(let outcome): return outcome
        case .ready(let ready): check = ready
        }
        let view = View(turn, spec)
        switch check {
        case .set(let members, let threshold):
            var judged: [AssertionOutcome] = []
            for member in members {
                judged.append(
                    await outcome(of: member, turn, mayBeEmpty: mayBeEmpty, context: context, client: client))
            }
            return AssertionOutcome(Assertions.set(members, threshold, judged), of: spec)
        case .command(let words, let limit):
            return AssertionOutcome(await program(words, limit, view, context), of: spec)
        case .webhook(let url, let limit):
            return AssertionOutcome(await webhook(url, limit, view, context, client), of: spec)
        case .rubric(let criterion, let limit, let votes):
            return AssertionOutcome(await model(Question(.rubric, criterion, view.text, limit, votes)), of: spec)
        case .facts(let expert, let votes):
            return AssertionOutcome(await model(Question(.facts, expert, view.text, nil, votes)), of: spec)
        case .similar(let reference, let limit):
            return AssertionOutcome(await similarity(reference, limit, view), of: spec)
        default: return Assertions.judge(spec, turn, mayBeEmpty: mayBeEmpty)
        }
    }

    /// Hands the turn to a program as JSON. It says its verdict by its exit code, or as `{"pass", "score", "reason"}`.
    private func program(
        _ command: [String], _ limit: Double?, _ view: View, _ context: JSONValue
    ) async -> Finding {
        // By its name: where it lies on this machine is nobody's business.
        let name = command.first?.split(separator: "/").last.map(String.init) ?? ""
        let claim = "satisfies \(([name] + command.dropFirst()).joined(separator: " "))"
        let seen = Show.quoted(view.text)
        let input = view.json(context).text()
        switch await Program(command, input: Array(input.utf8), timeout: programTimeout).run() {
        case .success(let output):
            guard ClaimedVerdict.isThere(in: output.text) else {
                guard limit == nil else { return Finding(unknown: "the program gave no score", claim: claim) }
                return Finding(true, claim: claim, seen: seen)
            }
            return Self.finding(in: output.text, claim, limit, who: "the program")
        case .failure(let failure) where failure.isOwnVerdict:
            return Finding(false, claim: claim, seen: failure.said.isEmpty ? seen : failure.said)
        case .failure(let failure):
            return Finding(unknown: "the program could not be run: \(failure.description)", claim: claim)
        }
    }

    /// Posts the turn as JSON; the answer must be `{"pass", "score", "reason"}` with a truth value under `pass`.
    private func webhook(
        _ url: String, _ limit: Double?, _ view: View, _ context: JSONValue, _ client: AssistantsClient?
    ) async -> Finding {
        let claim = "satisfies \(url)"
        guard let client else { return Finding(unknown: "there is no way to reach it", claim: claim) }
        do {
            let reply = try await client.callTool(url: url, arguments: view.json(context).text())
            return Self.finding(in: reply, claim, limit, who: "the webhook")
        } catch {
            return Finding(unknown: "the webhook gave no verdict: \(error)", claim: claim)
        }
    }

    private static func finding(in reply: String, _ claim: String, _ limit: Double?, who: String) -> Finding {
        do {
            return try JudgeReply(reply).finding(claim, limit)
        } catch {
            return Finding(unknown: "\(who) \(error.message)", claim: claim)
        }
    }

    /// What a model is asked about one answer.
    private struct Question {
        let kind: JudgeReply.Kind
        let criterion: String
        let text: String
        let threshold: Double?
        let votes: Int?

        init(_ kind: JudgeReply.Kind, _ criterion: String, _ text: String, _ threshold: Double?, _ votes: Int?) {
            self.kind = kind
            self.criterion = criterion
            self.text = text
            self.threshold = threshold
            self.votes = votes
        }

        var claim: String {
            switch kind {
            case .rubric: "satisfies “\(criterion)”"
            case .facts: "agrees with “\(criterion)”"
            }
        }

        var role: String {
            switch kind {
            case .rubric: JudgePrompt.rubricRole
            case .facts: JudgePrompt.factsRole
            }
        }

        var words: String {
            switch kind {
            case .rubric: JudgePrompt.rubric(criterion, text)
            case .facts: JudgePrompt.facts(criterion, text)
            }
        }
    }

    /// Asks until a majority is certain. A reply that is no verdict counts for neither side.
    private func model(_ question: Question) async -> Finding {
        let claim = question.claim
        guard let ask else { return Finding(unknown: "no judging model is set up", claim: claim) }
        let votes = max(question.votes ?? self.votes, 1)
        let needed = votes / 2 + 1
        var found: [Bool: [Finding]] = [:]
        var broken: [String] = []
        while broken.count <= votes - needed {
            let finding = await vote(question, ask)
            switch finding.verdict {
            case .passed: found[true, default: []].append(finding)
            case .failed: found[false, default: []].append(finding)
            case .unknown(let reason): broken.append(reason)
            }
            for (holds, findings) in found where findings.count == needed {
                return Self.majority(holds, found.values.flatMap(\.self), of: findings)
            }
            guard found.values.reduce(broken.count, { $0 + $1.count }) < votes else { break }
        }
        return Finding(unknown: broken.first ?? "the judge's votes are even", claim: claim)
    }

    /// The mean of all scores; the majority's last words.
    private static func majority(_ holds: Bool, _ all: [Finding], of findings: [Finding]) -> Finding {
        guard let last = findings.last, all.count > 1 else { return findings[0] }
        let scores = all.compactMap(\.score)
        let mean = scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
        return Finding(
            holds, claim: last.claim, seen: "\(findings.count) of \(all.count) votes: \(last.seen)", score: mean)
    }

    private func vote(_ question: Question, _ ask: Ask) async -> Finding {
        let reply: String
        do {
            reply = try await ask(question.role, question.words)
        } catch {
            return Finding(unknown: "the judge did not answer: \(error)", claim: question.claim)
        }
        do {
            return try JudgeReply(reply, question.kind).finding(question.claim, question.threshold)
        } catch {
            return Finding(unknown: "the judge \(error.message)", claim: question.claim)
        }
    }

    /// The cosine of the angle between the two texts' vectors.
    private func similarity(_ reference: String, _ limit: Double, _ view: View) async -> Finding {
        let claim = "is similar to “\(reference)” by at least \(Show.number(limit))"
        guard let embed else { return Finding(unknown: "no model for embeddings is set up", claim: claim) }
        do {
            let vectors = try await embed([view.text, reference])
            guard vectors.count == 2, let cosine = Vectors.cosine(vectors[0], vectors[1]) else {
                return Finding(unknown: "the model gave no usable vectors", claim: claim)
            }
            return Finding(
                Score.reaches(cosine, limit), claim: claim, seen: "\(Show.number(cosine)): \(Show.quoted(view.text))",
                score: cosine)
        } catch {
            return Finding(unknown: "the model for embeddings did not answer: \(error)", claim: claim)
        }
    }
}

/// Arithmetic of embeddings.
package enum Vectors {
    /// The cosine of the angle between two vectors.
    ///
    /// - Parameters:
    ///   - a: any vector.
    ///   - b: one of the same length.
    /// - Returns: -1 to 1; nil for different lengths and for vectors without a direction.
    package static func cosine(_ a: [Double], _ b: [Double]) -> Double? {
        guard a.count == b.count else { return nil }
        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        let lengths = [a, b].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        guard lengths[0] > 0, lengths[1] > 0, product.isFinite else { return nil }
        return product / (lengths[0] * lengths[1])
    }
}

/// What a program that judges wrote.
private enum ClaimedVerdict {
    /// Whether the output is, or tries to be, a verdict; a program may write anything else, its exit code has spoken.
    static func isThere(in output: String) -> Bool {
        if (try? JudgeReply(output)) != nil { return true }  // whether it is one is the question
        let lines = output.split(whereSeparator: \.isNewline)
        let last = lines.last.map { $0.lowercased().filter { !$0.isWhitespace } } ?? ""
        if ["true", "false", "pass", "fail", "yes", "no"].contains(last) || Double(last) != nil { return true }
        let words = output.suffix(4_096).lowercased().filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
        return words.contains("{pass:") || words.contains(",pass:") || words.contains("{score:")
            || words.contains(",score:")
    }
}

extension View {
    /// The turn as programs and webhooks see it.
    fileprivate func json(_ context: JSONValue) -> JSONValue {
        [
            "output": .string(text), "context": context, "run_status": .string(turn.status.word),
            "latency_ms": .integer(turn.latency.milliseconds),
            "refusals": .array(turn.answer.refusals.map(JSONValue.string)),
            "tool_calls": .array(
                turn.calls.map { answered in
                    [
                        "name": .string(answered.call.name), "arguments": .string(answered.call.arguments),
                        "output": .string(answered.answer.output),
                    ]
                }),
        ]
    }
}
