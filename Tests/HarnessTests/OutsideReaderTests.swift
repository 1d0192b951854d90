import Diagnostics
import Foundation
import Harness
import JSONModel
import Reporting
import Reports
import TestSupport
import Testing

/// Reports and measures against programs that others wrote.
@Suite(.timeLimit(.minutes(5)))
struct OutsideReaderTests {
    private static let fixtures = OutsideProgram.fixtures()
    private static let python = OutsideProgram.python("harness")

    /// Names and texts that break careless writers.
    private static let nasty = [
        "plain", "<b>&amp;\"'", "中文 🀄️ שלום", "]]> -- <!--", "\u{1B}[2J\u{0}\u{FFFE}", "a\r\nb\tc", "",
        "# TODO \\# SKIP",
        "1..2", "Bail out!", String(repeating: "long ", count: 2_000),
    ]

    private static let report: TestReport = {
        let place = SourcePosition(line: 3, column: 1)
        let range = SourceRange(file: "tests/研究.yaml", start: place, end: place)
        let cases = nasty.enumerated().map { index, text in
            TestReport.Case(
                name: "\(index) \(text)", status: TestReport.Status.allCases[index % 4], range: range,
                duration: .milliseconds(index * 700),
                failures: index % 4 == 1
                    ? [TestReport.Failure(assertion: "contains", range: range, expected: text, actual: text)] : [],
                reason: index % 4 > 1 ? text : nil,
                turns: [TestReport.Turn(input: [text], output: text, runStatus: "completed", latency: .zero)])
        }
        let suites = [
            TestReport.Suite(
                key: "a", assistantID: "asst_1", specDigest: "sha256:1", serverDigest: "sha256:2", cases: cases),
            TestReport.Suite(key: "empty", assistantID: "asst_2", cases: []),
        ]
        return TestReport(environment: "local", server: "127.0.0.1:1", suites: suites, duration: .seconds(90))
    }()

    @Test(.enabled(if: OutsideProgram.venvs != nil, "needs MUSTER_SDK_VENVS"))
    func junitparserReadsWhatTheSchemaAllows() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["junit.xml": TestReportJUnit.text(Self.report)])
            let result = try await OutsideProgram.run(
                Self.python,
                [
                    Self.fixtures.appending(path: "read_junit.py").path(),
                    folder.appending(path: "junit.xml").path(), Self.fixtures.appending(path: "junit.xsd").path(),
                ])
            #expect(result.status == 0, "\(result.output)")
            let read = try JSONValue(parsing: result.output).array ?? []
            #expect(read.map { $0[2]?.string } == Self.report.cases.map(\.status.rawValue))
            #expect(read[2][1] == "2 中文 🀄️ שלום")
        }
    }

    @Test(.enabled(if: OutsideProgram.isInstalled("prove"), "needs prove"))
    func proveCountsTheTests() async throws {
        try await withTemporaryDirectory { folder in
            var good = Self.report
            good.suites[0].cases.removeAll { $0.status == .failed || $0.status == .error }
            try folder.write(["bad.tap": TestReportTAP.text(Self.report), "good.tap": TestReportTAP.text(good)])
            func prove(_ file: String) async throws -> OutsideProgram.Result {
                try await OutsideProgram.run("prove", ["--exec", "cat", folder.appending(path: file).path()])
            }
            let passed = try await prove("good.tap")
            #expect(passed.status == 0, "\(passed.output)")
            #expect(passed.output.contains("All tests successful."))
            let failed = try await prove("bad.tap")
            #expect(failed.status != 0)
            let expected = Self.report.cases.enumerated()
                .filter { $0.element.status == .failed || $0.element.status == .error }.map { $0.offset + 1 }
            #expect(failed.output.contains("Failed tests:  2-3, 6-7, 10-11"), "\(failed.output)")
            #expect(expected == [2, 3, 6, 7, 10, 11])
            #expect(!failed.output.contains("Parse errors"), "\(failed.output)")
        }
    }

    /// A thousand pairs of sentences, many of them near each other.
    private static let pairs: [(String, String)] = {
        var random = Chance(seed: 42)
        let words = [
            "the", "cat", "sat", "on", "mat,", "3.50", "10-20%", "Paris", "it's", "(yes)", "A.B.", "100,000", "x",
        ]
        func sentence() -> [String] {
            (0..<(1 + Int.random(in: 0..<12, using: &random))).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }
        }
        return (0..<1_000).map { _ in
            let reference = sentence()
            var text = Int.random(in: 0..<3, using: &random) == 0 ? sentence() : reference
            for place in text.indices where Int.random(in: 0..<4, using: &random) == 0 {
                text[place] = words[Int.random(in: 0..<words.count, using: &random)]
            }
            return (text.joined(separator: " "), reference.joined(separator: " ") + ".")
        }
    }()

    @Test(.enabled(if: OutsideProgram.venvs != nil, "needs MUSTER_SDK_VENVS"))
    func measuresAsTheReferencePackagesDo() async throws {
        let json = JSONValue.array(Self.pairs.map { .array([.string($0.0), .string($0.1)]) })
        let result = try await withTemporaryDirectory { folder in
            try folder.write(["pairs.json": json.text()])
            return try await OutsideProgram.run(
                Self.python,
                [Self.fixtures.appending(path: "measure_texts.py").path(), folder.appending(path: "pairs.json").path()])
        }
        let line = result.output.split(separator: "\n").last.map(String.init) ?? ""
        let values = try #require(try? JSONValue(parsing: line).array, "\(result.output)")
        #expect(values.count == Self.pairs.count)
        for (pair, value) in zip(Self.pairs, values) {
            let rouge = TextMetrics.rouge1Recall(pair.0, pair.1)
            let bleu = TextMetrics.bleu(pair.0, pair.1)
            #expect(abs(rouge - (value[0]?.double ?? -1)) < 1e-6, "ROUGE of \(pair): \(rouge), \(value)")
            #expect(abs(bleu - (value[1]?.double ?? -1)) < 1e-6, "BLEU of \(pair): \(bleu), \(value)")
        }
    }
}
