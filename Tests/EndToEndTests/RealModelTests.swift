import AssistantsClient
import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// A suite against a real language model, through the local server: SmolLM2 run by llama.cpp, which no rule and no
/// script of ours makes answer.
@Suite(.timeLimit(.minutes(15)), .serialized)
struct RealModelTests {
    private static let questions = [
        ("France", "What is the capital of France?", "Paris"), ("Japan", "What is the capital of Japan?", "Tokyo"),
        ("Italy", "What is the capital of Italy?", "Rome"), ("sky", "What color is a clear sky?", "blue"),
        ("Germany", "What is the capital of Germany?", "Berlin"), ("Spain", "What is the capital of Spain?", "Madrid"),
        ("water", "At what temperature in Celsius does water boil?", "100"),
        ("Shakespeare", "Who wrote Romeo and Juliet?", "Shakespeare"),
        ("sun", "Which star is closest to Earth?", "Sun"),
        ("week", "How many days are in a week?", "7"),
    ]

    private static let spec: String = {
        let tests = questions.map { name, question, answer in
            """
              - name: \(name)
                prompt: \(question)
                repeat: 3
                min_pass: 2
                assert:
                  - {type: run-status, value: completed}
                  - {type: icontains, value: "\(answer)", metric: facts}
                  - {type: not-is-refusal}
                  - {type: ttft, threshold: 60s}
                  - {type: tokens, threshold: 2000}
            """
        }
        return "instructions: Answer in one short sentence.\ntemperature: 0\ntests:\n" + tests.joined(separator: "\n")
            + "\n"
    }()

    private func report(_ folder: URL) throws -> JSONValue {
        try JSONValue(parsing: String(contentsOf: folder.appending(path: "report.json"), encoding: .utf8))
    }

    @Test(.enabled(if: ModelServer.isWanted, "needs MUSTER_LONG_TESTS and the model's virtual environment"))
    func tenPlainQuestions() async throws {
        try await ModelServer.with { model in
            let upstream = Upstream(baseURL: model.address, model: "smollm2", key: nil)
            try await withLiveProject(upstream: upstream, ["bot.yaml": Self.spec]) { muster, _ in
                let tested = try await muster.run("test", "--stream", "-j", "2", "--json", "report.json")
                let report = try report(muster.folder)
                let tests = report["suites"]?[0]?["tests"]?.array ?? []
                #expect(tests.count == 10)
                // A model of this size knows most of it; what is asked of the harness is that it tells which.
                let passed = tests.filter { $0["status"] == "passed" }.count
                #expect(passed >= 7, "\(tested.output)")
                #expect(tested.status == (passed == 10 ? 0 : 4))
                #expect(tests.allSatisfy { $0["status"] == "passed" || $0["status"] == "failed" }, "\(tested.output)")
                #expect(tests.allSatisfy { ($0["attempts"]?.int ?? 0) >= 2 })
                for turn in tests.compactMap({ $0["turns"]?[0] }) {
                    let first = try #require(turn["first_text_ms"]?.int)
                    let whole = try #require(turn["latency_ms"]?.int)
                    #expect(first > 0 && first < whole, "\(turn)")
                    #expect(turn["tokens"]?.int ?? 0 > 10)
                }
                let score = report["metrics"]?["facts"]?.double ?? 0
                #expect(score >= 0.7 && score <= 1)
            }
        }
    }

    /// The same model as a judge, cut off in the middle of its verdict: never a pass, under `not-` neither.
    @Test(.enabled(if: ModelServer.isWanted, "needs MUSTER_LONG_TESTS and the model's virtual environment"))
    func aJudgeThatBreaksIsAnError() async throws {
        let statuses = try await judged("options: {max_tokens: 8}")
        #expect(statuses == ["error", "error", "error"])
    }

    /// Held to the form of a verdict by the server's grammar, the model judges; what it says of a true sentence is the
    /// contrary of what `not-` says.
    @Test(.enabled(if: ModelServer.isWanted, "needs MUSTER_LONG_TESTS and the model's virtual environment"))
    func aJudgeThatAnswersDecides() async throws {
        let schema = """
            {type: object, additionalProperties: false, required: [pass, score, reason], properties: \
            {pass: {type: boolean}, score: {enum: [0, 0.5, 1]}, reason: {type: string, maxLength: 60}}}
            """
        let statuses = try await judged(
            "votes: 3, options: {max_tokens: 200, response_format: {type: json_schema, json_schema: {schema: \(schema)}}}"
        )
        #expect(Set(statuses.prefix(2)) == ["passed", "failed"])
        #expect(statuses.last == "error")
    }

    /// The statuses of a rubric, of the same under `not-`, and of a similarity that nobody can measure.
    private func judged(_ settings: String) async throws -> [String] {
        var statuses: [String] = []
        try await ModelServer.with { model in
            let upstream = Upstream(baseURL: model.address, model: "smollm2", key: nil)
            let files = [
                "muster.yaml": "judge: {base_url: \"\(model.address)\", model: smollm2, \(settings)}\n",
                "bot.yaml": """
                instructions: Answer in one short sentence.
                temperature: 0
                tests:
                  - name: rubric
                    prompt: What is the capital of France?
                    assert: [{type: llm-rubric, value: It names the city of Paris.}]
                  - name: not rubric
                    prompt: What is the capital of France?
                    assert: [{type: not-llm-rubric, value: It names the city of Paris.}]
                  - name: no embeddings
                    prompt: What is the capital of France?
                    assert: [{type: similar, value: Paris}]
                """,
            ]
            try await withLiveProject(upstream: upstream, files) { muster, _ in
                let tested = try await muster.run("test", "--json", "report.json")
                let tests = try report(muster.folder)["suites"]?[0]?["tests"]?.array ?? []
                statuses = tests.compactMap { $0["status"]?.string }
                #expect(tests.last?["reason"]?.string?.contains("embeddings") == true, "\(tested.output)")
            }
        }
        return statuses
    }
}
