import AssistantsAPI
import AssistantsClient
import Diagnostics
import Harness
import JSONModel
import Specs
import Testing
import YAMLSyntax

/// The examples of the reference, judged.
struct AssertionExampleTests {
    /// Thinks as the examples say that a judge does.
    private static var judge: Judge {
        var judge = Judge { _, question in
            let isGood = !["rhymes", "No bus"].contains { question.contains($0) }
            return #"{"pass": \#(isGood), "category": "\#(isGood ? "C" : "D")", "reason": "r"}"#
        }
        judge.embed = { texts in texts.map { $0.contains("museum") ? [1, 0] : [0, 1] } }
        return judge
    }

    @Test("One passes, the other fails", arguments: AssertionType.allCases)
    func example(type: AssertionType) async throws {
        let example = type.example
        let turn = TurnResult(of: example.turn)
        #expect(try await verdict(example.passes, of: type, turn) == .passed)
        #expect(try await verdict(example.fails, of: type, turn) == .failed)
    }

    private func verdict(_ text: String, of type: AssertionType, _ turn: TurnResult) async throws -> Verdict {
        let collector = DiagnosticCollector()
        let context = LoadingContext(
            collector: collector, fileSystem: TreeFileSystem([:]), root: "/p", variables: .needed([:]))
        let test = "- prompt: x\n  assert:\n    - \(text)\n"
        let node = try #require(YAMLParser.parse(Array(test.utf8), file: "t.yaml", into: collector))
        let tests = TestDecoder(in: context).tests(node.items ?? [])
        #expect(collector.diagnostics.filter { $0.severity == .error }.isEmpty, "\(collector.diagnostics)")
        let spec = try #require(tests.first?.turns.first?.assertions.first)
        #expect(spec.type == type)
        let client = try AssistantsClient(baseURL: "http://127.0.0.1:1", transport: PoliteHook())
        return await Self.judge.outcome(of: spec, turn, client: client).verdict
    }
}

extension TurnResult {
    /// What an example says.
    fileprivate init(of turn: AssertionExample.Turn) {
        self.init(text: "Here you are.")
        switch turn {
        case .answer(let text): answer = Answer(texts: [text])
        case .took(let whole, let first, let gap):
            latency = .milliseconds(whole)
            firstText = .milliseconds(first)
            longestGap = .milliseconds(gap)
        case .used(let tokens, let dollars):
            usage = TokenUsage(prompt: tokens, completion: 0)
            cost = dollars
        case .ended(let status, let reason):
            self.status = status == "completed" ? .completed : .incomplete
            incompleteReason = reason
        case .called(let name, let arguments):
            let call = ToolCall(id: "1", name: name, arguments: arguments)
            calls = [AnsweredCall(call: call, answer: ToolAnswer("o"))]
            contractCheck = .checked([])
            rounds = 1
        case .steps: steps = [["type": "tool_calls"], ["type": "message_creation"]]
        case .files(let attached, let cited):
            answer.images = ["f0"]
            answer.attachedFiles = ["f1"]
            answer.citedFiles = ["f2"]
            fileNames = ["f1": attached, "f2": cited]
            let results: JSONValue = [["file_id": "f2", "file_name": .string(cited)]]
            let search: JSONValue = ["type": "file_search", "file_search": ["results": results]]
            steps = [["type": "tool_calls", "step_details": ["tool_calls": [search]]]]
        }
    }
}

/// The addresses of the examples.
private struct PoliteHook: Transport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let passes = "\(request.url)".contains("polite")
        return HTTPResponse(status: 200, body: Array(#"{"pass": \#(passes)}"#.utf8))
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        throw TransportError(.invalidRequest)
    }
}
