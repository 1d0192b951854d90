import AssistantsAPI
import AssistantsClient
import Diagnostics
import Harness
import JSONModel
import JSONRules
import Specs
import Testing
import YAMLSyntax

/// What must be true of every assertion, generated from the table.
struct AssertionTableTests {
    /// Thinks well of texts with "good" in them.
    private static var judge: Judge {
        var judge = Judge { _, question in
            let isGood = question.contains("good")
            return #"{"pass": \#(isGood), "category": "\#(isGood ? "C" : "D")", "reason": "r"}"#
        }
        judge.embed = { texts in texts.map { $0.contains("good") ? [1, 0] : [0, 1] } }
        return judge
    }

    private func outcome(_ spec: AssertionSpec, _ turn: TurnResult) async throws -> AssertionOutcome {
        let client = try AssistantsClient(baseURL: "http://127.0.0.1:1", transport: GoodnessHook())
        return await Self.judge.outcome(of: spec, turn, client: client)
    }

    /// The verdicts of the assertion and of its `not-`.
    private func verdicts(_ spec: AssertionSpec, _ turn: TurnResult) async throws -> [Verdict] {
        var negated = spec
        negated.negated = true
        return [try await outcome(spec, turn).verdict, try await outcome(negated, turn).verdict]
    }

    @Test("Each holds for the right answer and fails for the wrong one", arguments: AssertionType.allCases)
    func holdsAndFails(type: AssertionType) async throws {
        let row = AssertionRow(type)
        #expect(row.spec.type == type)
        #expect(try await verdicts(row.spec, row.right) == [.passed, .failed])
        #expect(try await verdicts(row.spec, row.wrong) == [.failed, .passed])
        let wrong = try await outcome(row.spec, row.wrong)
        #expect(!wrong.expected.isEmpty && !wrong.actual.isEmpty)
    }

    @Test(
        "No answer fails each, the negated one too, unless it is about the run alone",
        arguments: AssertionType.allCases,
        ["", " \n"])
    func emptyAnswer(type: AssertionType, text: String) async throws {
        guard !type.looksAtRunOnly else { return }
        let row = AssertionRow(type)
        var empty = row.right
        empty.answer = Answer(texts: [text])
        let found = try await verdicts(row.spec, empty)
        // A set is turned round by its own `not-`; its members are not.
        #expect(found == (type == .assertSet ? [.failed, .passed] : [.failed, .failed]))
    }

    @Test("Each looks at every message of the run", arguments: AssertionType.allCases)
    func twoMessages(type: AssertionType) async throws {
        let row = AssertionRow(type)
        var two = row.right
        two.answer.texts.append("zzz")
        #expect(try await outcome(row.spec, two).verdict == (row.holdsOfTwoMessages ? .passed : .failed))
        guard row.spec.type.parameters.contains(where: { $0.key == "in" }) else { return }
        var written = row.spec.written
        written["in"] = "last"
        let last = row.spec.replacing(written: written, members: [])
        var other = row.right
        other.answer.texts = ["zzz"] + row.right.answer.texts
        #expect(try await outcome(last, other).verdict == .passed)
    }

    @Test("A run that came to nothing passes none", arguments: AssertionType.allCases)
    func noRun(type: AssertionType) async throws {
        guard !type.looksAtRunOnly, type != .assertSet else { return }
        let row = AssertionRow(type)
        #expect(try await verdicts(row.spec, TurnResult(Answer(), status: .expired)) == [.failed, .failed])
    }

    @Test("Hostile text is shown inert", arguments: AssertionType.allCases)
    func hostile(type: AssertionType) async throws {
        let hostile = "\u{1B}[2J\u{202E}::error::\r"
        let row = AssertionRow(type)
        var turn = row.wrong
        turn.answer.texts = [hostile]
        let written = row.spec.written.mapValues { $0.string == nil ? $0 : .string($0.plainText + hostile) }
        for spec in [row.spec, row.spec.replacing(written: written, members: row.spec.members)] {
            let outcome = try await outcome(spec, turn)
            var shown = outcome.actual
            if case .unknown(let reason) = outcome.verdict { shown += reason }
            #expect(!shown.unicodeScalars.contains { "\u{1B}\u{202E}\r".unicodeScalars.contains($0) }, "\(shown)")
        }
    }

    @Test("A value of a wrong kind is refused where it stands, before anything runs", arguments: AssertionType.allCases)
    func refusal(type: AssertionType) throws {
        let row = AssertionRow(type)
        let text = "- prompt: x\n  assert:\n    - {type: \(type.rawValue), \(row.refused)}\n"
        let collector = DiagnosticCollector()
        let context = LoadingContext(
            collector: collector, fileSystem: TreeFileSystem([:]), root: "/p", variables: .needed([:]))
        let node = try #require(YAMLParser.parse(Array(text.utf8), file: "t.yaml", into: collector))
        _ = TestDecoder(in: context).tests(node.items ?? [])
        let problem = try #require(collector.sorted.first)
        #expect(problem.range?.start.line == 3)
        #expect((problem.range?.start.column ?? 0) > 7, "\(problem)")
        #expect(problem.message.contains("the assertion \"\(type.rawValue)\""), "\(problem)")
    }

    @Test("What editors are told is what is read", arguments: AssertionType.allCases)
    func editors(type: AssertionType) throws {
        let forms = try #require(SpecSchema.tests.json["$defs"]?["assertion"]?["oneOf"]?.array)
        let own = forms.filter { $0["properties"]?["type"]?["enum"]?.array?.contains(.string(type.rawValue)) == true }
        #expect(own.count == 1)
        let keys = Set(own.first?["properties"]?.object?.keys ?? [])
        #expect(keys == Set(type.parameters.map(\.key) + ["type", "weight", "metric"]))
    }

    /// What no schema of an editor can say: whether a text is a pattern, a path, a schema, or a duration.
    private static let onlyWeRefuse: Set<AssertionType> = [
        .regex, .isJSON, .jsonPath, .latency, .ttft, .maxGap, .webhook,
    ]

    @Test("Editors take what we take, and refuse what we refuse", arguments: AssertionType.allCases)
    func editorsAgree(type: AssertionType) throws {
        let row = AssertionRow(type)
        let schema = try JSONSchema(SpecSchema.tests.json)
        func document(_ assertion: JSONValue) -> JSONValue { [["prompt": "x", "assert": [assertion]]] }
        var assertion = row.spec.written
        assertion["type"] = .string(type.rawValue)
        if type == .assertSet { assertion["assert"] = [["type": "is-json"]] }
        #expect(schema.verdict(on: document(.object(assertion))) == .fits)
        let text = "{type: \(type.rawValue), \(row.refused)}"
        let collector = DiagnosticCollector()
        let context = LoadingContext(
            collector: collector, fileSystem: TreeFileSystem([:]), root: "/p", variables: .needed([:]))
        let node = try #require(YAMLParser.parse(Array(text.utf8), file: "t.yaml", into: collector))
        let refused = try #require(context.json(node, "assert"))
        let verdict = schema.verdict(on: document(refused))
        #expect((verdict == .fits) == Self.onlyWeRefuse.contains(type), "\(verdict)")
    }
}

/// Says that a turn passes when its output has "good" in it.
private struct GoodnessHook: Transport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let body = try? JSONValue(parsing: request.body ?? [])  // what is no turn is not good
        let isGood = body?["output"]?.string?.contains("good") == true
        return HTTPResponse(status: 200, body: Array(#"{"pass": \#(isGood)}"#.utf8))
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        throw TransportError(.invalidRequest)
    }
}
