import AssistantsAPI
import AssistantsClient
import Diagnostics
import Emulator
import EmulatorCore
import JSONModel
import JSONRules
import Patterns
import Planning
import Reporting
import Reports
import Specs
import Testing
import YAMLSyntax

/// Something that reads what others wrote, and what they might have meant to write.
struct FuzzTarget: Sendable, CustomTestStringConvertible {
    let name: String
    /// Reads an input; errors are its business.
    let read: @Sendable ([UInt8]) -> Void

    var testDescription: String { name }

    /// What people write: `Seeds/NAME`.
    var seeds: [[UInt8]] { FuzzFolder.files("Seeds/\(name)") }

    /// What once did harm: `Corpus/NAME`.
    var corpus: [[UInt8]] { FuzzFolder.files("Corpus/\(name)") }

    static let all = [
        json, yaml, specs, eventStream, chatAnswer, multipart, requestBody, stored, rules, schema, pattern, faults,
        path, plan, report,
        recording, address,
    ]

    /// Hands on inputs that are JSON.
    private static func reading(_ take: @escaping @Sendable (JSONValue) -> Void) -> @Sendable ([UInt8]) -> Void {
        { input in
            if let value = try? JSONValue(parsing: input) { take(value) }  // what is no JSON goes no further
        }
    }

    static let json = FuzzTarget(
        name: "json",
        read: reading { value in
            for layout in [JSONValue.Layout.compact, .pretty, .line, .canonical] {
                _ = try? JSONValue(parsing: value.text(layout))  // compared elsewhere; here it must only end
            }
        })

    static let yaml = FuzzTarget(
        name: "yaml",
        read: { input in
            _ = YAMLParser.parse(input, file: "f.yaml", into: DiagnosticCollector())
            _ = try? YAMLFormatter.format(input, file: "f.yaml")  // refused inputs are no harm
        })

    /// A file of a project: as the project's own file and as an assistant.
    static let specs = FuzzTarget(
        name: "specs",
        read: { input in
            let entries: [String: TreeFileSystem.Entry] = [
                "project/muster.yaml": .file(Array("project: demo\n".utf8)), "project/bot.yaml": .file(input),
            ]
            for files in [entries, ["project/muster.yaml": .file(input)]] {
                let context = LoadingContext(
                    collector: DiagnosticCollector(), fileSystem: TreeFileSystem(files), root: "/project",
                    variables: .needed([:]))
                // Diagnostics are what people see.
                _ = try? Project(in: context).load(for: .named("local"))
            }
        })

    static let eventStream = FuzzTarget(
        name: "event-stream",
        read: { input in
            var parser = EventParser(limit: 16 << 10)
            for start in stride(from: 0, to: input.count, by: 97) {
                let piece = Array(input[start..<min(start + 97, input.count)])
                guard let events = try? parser.feed(piece) else { return }  // too large
                for event in events { _ = StreamedRunEvent(name: event.name, data: event.data) }
            }
            _ = parser.finish().map { StreamedRunEvent(name: $0.name, data: $0.data) }
        })

    static let chatAnswer = FuzzTarget(
        name: "chat-answer",
        read: { input in
            var stream = ChatAnswer()
            // Whatever fails has said why.
            _ = try? stream.feed(input)
            _ = try? stream.finish()
            var whole = ChatAnswer()
            _ = try? whole.whole(input)
            _ = try? whole.finish()
        })

    static let multipart = FuzzTarget(
        name: "multipart",
        read: { input in
            _ = MultipartParser(
                contentType: "multipart/form-data; " + String(decoding: input.prefix(200), as: UTF8.self))
            guard var parser = MultipartParser(contentType: "multipart/form-data; boundary=b") else { return }
            for start in stride(from: 0, to: input.count, by: 61) {
                let piece = input[start..<min(start + 61, input.count)]
                guard (try? parser.feed(piece)) != nil else { return }  // malformed
            }
        })

    static let requestBody = FuzzTarget(
        name: "request-body",
        read: reading { value in
            guard let body = value.object else { return }
            let shapes = [
                RequestShapes.assistant, RequestShapes.assistantUpdate, RequestShapes.thread, RequestShapes.run,
                RequestShapes.threadAndRun, RequestShapes.message, RequestShapes.toolOutputs, RequestShapes.vectorStore,
                RequestShapes.vectorStoreSearch, RequestShapes.vectorStoreBatch,
            ]
            // A refusal is the service's answer.
            for shape in shapes { _ = try? ShapeCheck.checked(body, against: shape) }
        })

    static let stored = FuzzTarget(
        name: "stored",
        read: reading { value in
            guard let object = value.object else { return }
            // Damage is said, and goes no further.
            let step = try? StoredStep(object)
            let message = try? StoredMessage(object)
            let run = try? StoredRun(object, open: step.map { [$0] } ?? [], message: message)
            _ = (step?.json, step?.round, message?.json, run?.json)
            guard let run else { return }
            for event in [RunEvent.started, .cancelRequested, .expired(partial: [], usage: run.usage)] {
                var machine = RunMachine(run: run)
                _ = try? machine.handle(event, at: 1)
            }
        })

    static let rules = FuzzTarget(
        name: "rules",
        read: { input in
            let text = String(decoding: input, as: UTF8.self)
            // A settings error is what the one who started the server reads.
            _ = try? ModelRules(parsing: text)
            _ = try? PluginTable(parsing: text)
        })

    static let faults = FuzzTarget(
        name: "faults",
        read: { input in
            let words = String(decoding: input, as: UTF8.self).split(separator: "\n").map(String.init)
            _ = try? FaultPlan(parsing: words)  // a settings error is what the one who started the server reads
        })

    static let schema = FuzzTarget(
        name: "schema",
        read: reading { value in
            guard let schema = try? JSONSchema(value) else { return }  // problems are listed
            for document in [value, ["a": "xx", "b": ["a": "x"]], 1, [1, .null], "x"] {
                _ = schema.verdict(on: document)
            }
        })

    static let pattern = FuzzTarget(
        name: "pattern",
        read: { input in
            let text = String(decoding: input.prefix(4_000), as: UTF8.self)
            // What is no pattern says where; what takes too long says so.
            guard let pattern = try? Pattern(written: text) else { return }
            _ = try? pattern.isFound(in: "aaaaaaaaaaaaaaaaaaaaaaaaaaaa! x12-12 é")
            _ = try? pattern.matchesWhole(text)
        })

    static let path = FuzzTarget(
        name: "path",
        read: { input in
            // Problems say where.
            guard let path = try? JSONPath(String(decoding: input, as: UTF8.self)) else { return }
            _ = try? path.matches(in: ["a": [["b": 1], ["b": ["x": .null]]], "x": "y"])
        })

    static let plan = FuzzTarget(
        name: "plan",
        read: reading { value in
            // A problem is what the reader of the plan is told.
            _ = try? PlanDocument.plan(value, digests: Digests(hash: { bytes in String(bytes.count) }))
        })

    /// Read, merged with itself, and shown in every form.
    static let report = FuzzTarget(
        name: "report",
        read: reading { value in
            guard let report = TestReport(json: value), let merged = TestReport.merged([report, report]) else { return }
            _ = (merged.json.text(), TestReportJUnit.text(merged), TestReportMarkdown.text(merged))
            _ = (
                TestReportHTML.text(merged), TestReportTAP.text(merged), TestReportAnnotations(folder: "").text(merged)
            )
        })

    static let recording = FuzzTarget(
        name: "recording",
        read: reading { _ = RecordedExchange($0)?.json })

    static let address = FuzzTarget(
        name: "address",
        read: { input in
            let text = String(decoding: input, as: UTF8.self)
            _ = ServerAddress(text)?.text
            _ = ServerAddress("https://example.com/a/b")?.resolving(text)?.isSafe
        })
}
