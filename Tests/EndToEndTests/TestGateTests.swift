import Foundation
import TestSupport
import Testing

/// `muster test` as a gate: it opens only for what was looked at.
///
/// One after the other: Foundation's Process reads past its buffer once a process has some 1,300 files open (Swift 6.3).
@Suite(.timeLimit(.minutes(5)), .serialized)
struct TestGateTests {
    private func bot(_ prompt: String, _ assertion: String) -> String {
        "tests:\n  - name: t\n    prompt: \(prompt)\n    assert: [\(assertion)]\n"
    }

    @Test(arguments: [
        ["--filter", "refnud"], ["--tag", "slwo"], ["--assistant", "bto"], ["--shard", "2/2"],
        ["--only-failed", "green.json"],
    ])
    func nothingSelectedIsNoSuccess(arguments: [String]) async throws {
        let spec = "tests: [{name: refund, tags: [slow], prompt: hi, assert: [{type: contains, value: hi}]}]\n"
        try await withLiveProject(["bot.yaml": spec]) { muster, _ in
            #expect(try await muster.run("test", "--json", "green.json").status == 0)
            let empty = try await muster.run(["test"] + arguments)
            #expect(empty.status == 3, "\(empty.output)\(empty.errors)")
            let nearest = ["--filter": "refund", "--tag": "slow", "--assistant": "bot"][arguments[0]]
            if let nearest { #expect(empty.errors.contains("did you mean \"\(nearest)\"?"), "\(empty.errors)") }
            guard arguments[0] != "--assistant" else { return }
            #expect(try await muster.run(["test", "--allow-empty"] + arguments).status == 0)
        }
    }

    @Test func testsOfNobodyAreNoSuccess() async throws {
        try await withLiveProject(["bot.yaml": bot("hi", "{type: contains, value: hi}")]) { muster, _ in
            try muster.folder.write(["tests/bto.yaml": "- {name: a, prompt: hi, assert: [{type: is-json}]}\n"])
            let run = try await muster.run("test")
            #expect(run.status == 3, "\(run.output)\(run.errors)")
            #expect(run.errors.contains("did you mean \"bot\"?"), "\(run.errors)")
        }
    }

    @Test func reportsAreTriedBeforeTheFirstRequest() async throws {
        try await withLiveProject(["bot.yaml": bot("hi", "{type: contains, value: hi}"), "file": ""]) { muster, _ in
            let refused = try await muster.run("test", "--junit", "file/j.xml", "--json", "r.json")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("cannot be written to file/j.xml"), "\(refused.errors)")
            #expect(!refused.errors.contains("✓"))
            let made = try await muster.run("test", "--junit", "out/reports/j.xml")
            #expect(made.status == 0, "\(made.errors)")
            #expect(FileManager.default.fileExists(atPath: muster.folder.appending(path: "out/reports/j.xml").path))
        }
    }

    @Test func aRecordingKnowsWhatWasSent() async throws {
        try await withLiveProject(["bot.yaml": bot("\"hi {{now}}\"", "{type: contains, value: hi}")]) { muster, _ in
            #expect(try await muster.run("test", "--record", "tape").status == 0)
            let again = try await muster.run("test", "--replay", "tape")
            #expect(again.status == 0, "\(again.output)\(again.errors)")
            try Data(bot("\"hi there {{now}}\"", "{type: contains, value: hi}").utf8).write(
                to: muster.folder.appending(path: "bot.yaml"))
            let changed = try await muster.run("test", "--replay", "tape")
            #expect(changed.status == 4, "\(changed.output)\(changed.errors)")
            let words = changed.output.filter { !$0.isWhitespace }
            #expect(words.contains("nolongersendswhatwasrecorded;contenthaschanged:recorded“hi"), "\(words)")
        }
    }
}
