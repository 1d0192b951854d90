import Foundation
import JSONModel
import TestSupport
import Testing

/// What a person sees while tests run: a terminal that others wrote draws it.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct TerminalTests {
    /// Tests with Chinese and long names whose answers take a while.
    private static let spec: String = {
        let names = [
            "奧運獎牌數", "a name that is long enough to be cut on a narrow terminal and goes on and on and on 結束", "短",
            "emoji 🎉 and 中文 mixed",
            "plain", "研究員會使用搜尋工具回答問題並且引用來源說明理由,然後用繁體中文寫下完整的答案與結論",
        ]
        return "tests:\n"
            + names.map { "  - {name: \"\($0)\", prompt: wait, assert: [{type: contains, value: done}]}\n" }.joined()
    }()

    @Test(.enabled(if: OutsideProgram.venvs != nil, "needs MUSTER_SDK_VENVS"), arguments: [80, 140])
    func theLiveTableIsAligned(columns: Int) async throws {
        let rules = #"{"rules":[{"says":"wait","delay_ms":1200,"reply":"done"}]}"#
        try await withLiveProject(rules: rules, ["研究員.yaml": Self.spec, "bot.yaml": Self.spec]) { muster, _ in
            let script = OutsideProgram.fixtures().appending(path: "terminal.py").path()
            let result = try await OutsideProgram.run(
                OutsideProgram.python("harness"),
                [script, String(columns), CommandFixture.program.path(), "test", "-C", muster.folder.path(), "-j", "4"])
            #expect(result.status == 0, "\(result.output)")
            let seen = try JSONValue(parsing: result.output)
            #expect(seen["status"] == 0, "\(result.output)")
            let last = seen["final"]?.array?.last?.string ?? ""
            #expect(last.hasPrefix("Tests: 12 passed"), "\(result.output)")
            // Nothing of the table is left.
            #expect(seen["final"]?.array?.contains { $0.string?.contains("█") == true } == false, "\(result.output)")
        }
    }
}
