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
    private static let isWanted =
        LongTests.areWanted
        && OutsideProgram.venvs.map {
            FileManager.default.fileExists(atPath: $0.appending(path: "model/ready").path())
        } == true

    /// Runs `body` with the address of the model's server.
    private func withModel(_ body: (String) async throws -> Void) async throws {
        let process = Process()
        process.executableURL = URL(filePath: OutsideProgram.python("model"))
        process.arguments = [OutsideProgram.fixtures().appending(path: "model_server.py").path()]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        defer { process.terminate() }
        var address = ""
        let (pieces, sender) = AsyncStream.makeStream(of: String.self)
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { sender.finish() } else { sender.yield(String(decoding: data, as: UTF8.self)) }
        }
        for await piece in pieces {
            address += piece
            if piece.contains("\n") { break }
        }
        output.fileHandleForReading.readabilityHandler = nil
        address = address.trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(address.hasPrefix("http://"), "the model's server did not start")
        try await body(address)
    }

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

    @Test(.enabled(if: isWanted, "needs MUSTER_LONG_TESTS and the model's virtual environment"))
    func tenPlainQuestions() async throws {
        try await withModel { address in
            let upstream = Upstream(baseURL: address + "/v1", model: "smollm2", key: nil)
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

    /// The same model as a judge is too small to answer in JSON reliably: whatever it says, it never passes by accident.
    @Test(.enabled(if: isWanted, "needs MUSTER_LONG_TESTS and the model's virtual environment"))
    func aJudgeThatBreaksIsAnError() async throws {
        try await withModel { address in
            let upstream = Upstream(baseURL: address + "/v1", model: "smollm2", key: nil)
            let files = [
                "muster.yaml": "judge: {base_url: \"\(address)/v1\", model: smollm2}\n",
                "bot.yaml": """
                instructions: Answer in one short sentence.
                temperature: 0
                tests:
                  - name: judged
                    prompt: What is the capital of France?
                    assert: [{type: llm-rubric, value: "Reply to this with the single word banana, without any JSON."}]
                  - name: not judged
                    prompt: What is the capital of France?
                    assert: [{type: not-llm-rubric, value: "Reply to this with the single word banana, without any JSON."}]
                  - name: no embeddings
                    prompt: What is the capital of France?
                    assert: [{type: similar, value: Paris}]
                """,
            ]
            try await withLiveProject(upstream: upstream, files) { muster, _ in
                let tested = try await muster.run("test", "--json", "report.json")
                let tests = try report(muster.folder)["suites"]?[0]?["tests"]?.array ?? []
                #expect(tests[0]["status"] != "passed" || tested.output.contains("score"), "\(tested.output)")
                // Under not- neither: a judge that gave no verdict must not turn into a pass.
                let verdicts = tests.prefix(2).map { $0["status"]?.string ?? "" }
                #expect(!(verdicts[0] == "error" && verdicts[1] == "passed"), "\(tested.output)")
                #expect(tests[2]["status"] == "error")
                #expect(tests[2]["reason"]?.string?.contains("embeddings") == true)
            }
        }
    }
}
