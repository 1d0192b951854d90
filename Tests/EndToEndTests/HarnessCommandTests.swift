import AssistantsClient
import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// `test`, `ask` and `chat` as a user runs them, against a server that the test can look into.
///
/// One after the other: Foundation's Process reads past its buffer once a process has some 1,300 files open (Swift 6.3).
@Suite(.timeLimit(.minutes(5)), .serialized)
struct HarnessCommandTests {
    private static let slow = #"{"rules":[{"says":"wait","delay_ms":3600000,"reply":"late"}]}"#

    private func bot(_ prompt: String, _ assertion: String) -> String {
        "tests:\n  - name: t\n    prompt: \(prompt)\n    assert: [\(assertion)]\n"
    }

    /// The threads that journals name, once there is one.
    private func firstThread(_ folder: URL) async throws -> String {
        let journals = folder.appending(path: ".muster/journals/live")
        while true {
            try await Task.sleep(for: .milliseconds(20))
            let files =
                (try? FileManager.default.contentsOfDirectory(at: journals, includingPropertiesForKeys: nil)) ?? []
            for file in files {
                let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                if let word = text.split(whereSeparator: \.isWhitespace).first(where: { $0.hasPrefix("thread_") }) {
                    return String(word)
                }
            }
        }
    }

    private func exists(_ thread: String, _ client: AssistantsClient) async -> Bool {
        (try? await client.messages(thread: thread)) != nil
    }

    // MARK: Hygiene

    @Test func aKilledRunLeavesNothingAfterCleanup() async throws {
        try await withLiveProject(rules: Self.slow, ["bot.yaml": bot("wait", "{type: contains, value: late}")]) {
            muster, client in
            let running = try muster.start(["test"])
            let thread = try await firstThread(muster.folder)
            kill(running.identifier, SIGKILL)
            await running.wait()
            #expect(await exists(thread, client))
            let swept = try await muster.run("test", "cleanup")
            #expect(swept.status == 0, "\(swept.errors)")
            #expect(swept.output == "Deleted 1 thread.\n")
            #expect(await !exists(thread, client))
            #expect(try await muster.run("test", "cleanup").output == "Nothing was left behind.\n")
        }
    }

    @Test func cleanupLeavesARunAloneThatIsGoingOn() async throws {
        try await withLiveProject(rules: Self.slow, ["bot.yaml": bot("wait", "{type: contains, value: late}")]) {
            muster, client in
            let running = try muster.start(["test"])
            let thread = try await firstThread(muster.folder)
            #expect(try await muster.run("test", "cleanup").output == "Nothing was left behind.\n")
            #expect(await exists(thread, client))
            kill(running.identifier, SIGINT)
            await running.wait()
        }
    }

    @Test func anInterruptionDeletesThreadsAndPrintsWhatThereIs() async throws {
        try await withLiveProject(
            rules: Self.slow,
            [
                "bot.yaml": """
                tests:
                  - {name: quick, prompt: Hello, assert: [{type: run-status, value: completed}]}
                  - {name: endless, prompt: please wait, assert: [{type: contains, value: late}]}
                """
            ]
        ) { muster, client in
            let running = try muster.start(["test", "-j", "1", "--json", "report.json"])
            let thread = try await firstThread(muster.folder)
            // The second test is the one that waits; its thread is there once the first is gone.
            while await exists(thread, client) { try await Task.sleep(for: .milliseconds(20)) }
            try await Task.sleep(for: .milliseconds(300))
            kill(running.identifier, SIGINT)
            #expect(await running.wait() == 130)
            let report = try JSONValue(
                parsing: String(contentsOf: muster.folder.appending(path: "report.json"), encoding: .utf8))
            #expect(report["interrupted"] == true)
            #expect(report["suites"]?[0]?["tests"]?[0]?["status"] == "passed")
            #expect(report["suites"]?[0]?["tests"]?[1]?["status"] != "passed")
            #expect(report["leaked_threads"]?.array?.isEmpty == true)
            #expect(try await muster.run("test", "cleanup").output == "Nothing was left behind.\n")
        }
    }

    // MARK: What is deployed

    /// The lists before the tests are answered; the one after them is not, and nothing is known of edits.
    @Test func aServerThatHangsAtTheLookAfterTheTestsEndsTheCommandInTime() async throws {
        // Three for the apply, one before the tests. When a server of the tests stops, it waits for what hangs.
        let hangs = "latency=8000,path=/assistants,method=GET,skip=4"
        try await withLiveProject(faults: [hangs], ["bot.yaml": bot("Hello", "{type: run-status, value: completed}")]) {
            muster, _ in
            let result = try await muster.run("test", "--suite-timeout", "2", "--json", "report.json")
            #expect(result.status == 1)
            #expect(result.errors.contains("did not show its assistants in the time there was"), "\(result.errors)")
            let report = try JSONValue(
                parsing: String(contentsOf: muster.folder.appending(path: "report.json"), encoding: .utf8))
            #expect(report["suites"]?[0]?["tests"]?[0]?["status"] == "passed")
        }
    }

    @Test func anEditDuringTheRunIsDrift() async throws {
        let rules = #"{"rules":[{"says":"wait","delay_ms":1500,"reply":"late"}]}"#
        try await withLiveProject(rules: rules, ["bot.yaml": bot("wait", "{type: contains, value: late}")]) {
            muster, client in
            let running = try muster.start(["test", "--json", "report.json"])
            _ = try await firstThread(muster.folder)
            let id = try #require(try await client.allAssistants().items.first?["id"]?.string)
            _ = try await client.updateAssistant(id, ["instructions": "Edited by hand."])
            #expect(await running.wait() == 3)
            let report = try JSONValue(
                parsing: String(contentsOf: muster.folder.appending(path: "report.json"), encoding: .utf8))
            let suite = try #require(report["suites"]?[0])
            #expect(suite["spec_digest"]?.string?.hasPrefix("sha256:") == true)
            #expect(suite["server_digest"] != suite["server_digest_after"])
            let allowed = try await muster.run("test", "--allow-drift")
            #expect(allowed.status == 0, "\(allowed.errors)")
            #expect(try await muster.run("test").status == 3)
        }
    }

    // MARK: Recordings

    @Test func aRecordingIsReplayedWithoutAServer() async throws {
        let spec = """
            tools: [{type: function, function: {name: S, parameters: {type: object, properties: {}}}}]
            tests:
              - name: t
                turns:
                  - {prompt: My favourite colour is teal., assert: [{type: run-status, value: completed}]}
                  - {prompt: Which colour do I like best?, assert: [{type: icontains, value: teal}]}
                tools: {S: {mode: mock, output: o}}
            """
        for manner in ["--poll", "--stream"] {
            var kept: [String: String] = [:]
            try await withLiveProject(["bot.yaml": spec]) { muster, _ in
                let recorded = try await muster.run("test", manner, "--record", "tape.jsonl")
                #expect(recorded.status == 0, "\(recorded.output)\(recorded.errors)")
                for file in ["tape.jsonl", "muster.yaml"] {
                    kept[file] = try String(contentsOf: muster.folder.appending(path: file), encoding: .utf8)
                }
            }
            // The server is gone.
            try await withTemporaryDirectory { folder in
                try folder.write(kept.merging(["bot.yaml": spec]) { $1 })
                let replayed = try await CommandFixture(folder: folder).run("test", manner, "--replay", "tape.jsonl")
                #expect(replayed.status == 0, "\(replayed.output)\(replayed.errors)")
                #expect(replayed.output.contains("Tests: 1 passed"))
            }
        }
    }

    // MARK: The judge

    @Test func anAssistantOfTheProjectJudges() async throws {
        let rules = """
            {"rules":[
              {"says":"is polite","reply":"{\\"pass\\": true, \\"reason\\": \\"yes\\"}"},
              {"says":"is rude","reply":"I would rather not say."},
              {"always":true,"reply":"Good day."}
            ]}
            """
        let files = [
            "muster.yaml": "judge: {assistant: critic, votes: 3}\n", "critic.yaml": "instructions: You judge.\n",
            "bot.yaml": """
            tests:
              - {name: good, prompt: Hello, assert: [{type: llm-rubric, value: is polite}]}
              - {name: broken, prompt: Hello, assert: [{type: llm-rubric, value: is rude}]}
              - {name: not broken, prompt: Hello, assert: [{type: not-llm-rubric, value: is rude}]}
            """,
        ]
        try await withLiveProject(rules: rules, files) { muster, _ in
            let tested = try await muster.run("test", "--json", "report.json")
            #expect(tested.status == 4, "\(tested.errors)")
            let report = try JSONValue(
                parsing: String(contentsOf: muster.folder.appending(path: "report.json"), encoding: .utf8))
            let suites = report["suites"]?.array ?? []
            let tests = suites.first { $0["assistant"] == "bot" }?["tests"]?.array ?? []
            #expect(tests.map { $0["status"] } == ["passed", "error", "error"], "\(tested.output)")
        }
    }

    @Test func aJudgeThatIsNotThereIsSaidSo() async throws {
        let files = [
            "muster.yaml": "judge: {assistant: critc}\n", "critic.yaml": "instructions: You judge.\n",
            "bot.yaml": bot("Hello", "{type: llm-rubric, value: is polite}"),
        ]
        try await withLiveProject(files) { muster, _ in
            let tested = try await muster.run("test")
            #expect(tested.status == 1)
            #expect(tested.errors.contains("did you mean \"critic\"?"), "\(tested.errors)")
        }
    }

    // MARK: Choosing

    @Test func onlyWhatDidNotPassIsRunAgain() async throws {
        let spec = """
            tests:
              - {name: good, prompt: Hello, assert: [{type: run-status, value: completed}]}
              - {name: bad, prompt: Hello, assert: [{type: contains, value: zebra}]}
            """
        try await withLiveProject(["bot.yaml": spec]) { muster, _ in
            #expect(try await muster.run("test", "--json", "first.json").status == 4)
            let again = try await muster.run("test", "--only-failed", "first.json")
            #expect(again.output.contains("Tests: 0 passed, 1 failed"), "\(again.output)")
        }
    }

    @Test func onlyWhatAPlanChangesIsTested() async throws {
        let files = [
            "a.yaml": bot("Hello", "{type: run-status, value: completed}"),
            "b.yaml": bot("Hi", "{type: run-status, value: completed}"),
        ]
        try await withLiveProject(files) { muster, _ in
            try muster.folder.write(["b.yaml": "instructions: new\n" + (files["b.yaml"] ?? "")])
            #expect(try await muster.run("plan", "--out", "plan.json").status == 0)
            #expect(try await muster.run("apply", "plan.json").status == 0)
            let tested = try await muster.run("test", "--plan", "plan.json")
            #expect(tested.status == 0, "\(tested.errors)")
            #expect(tested.output.contains("Tests: 1 passed"), "\(tested.output)")
            #expect(tested.output.hasPrefix("✓ b ("))
        }
    }

    // MARK: Conversations

    @Test func aThreadIsContinued() async throws {
        try await withLiveProject(["bot.yaml": "instructions: Remember.\n"]) { muster, client in
            let first = try await muster.run(
                "ask", "bot", "My favourite colour is teal.", "--keep-thread", "--json")
            #expect(first.status == 0, "\(first.errors)")
            let document = try JSONValue(parsing: first.output)
            let thread = try #require(document["thread"]?.string)
            #expect(document["status"] == "completed")
            #expect(document["usage"]?["total_tokens"]?.int ?? 0 > 0)
            #expect(document["first_text_ms"]?.int != nil)
            let second = try await muster.run("ask", "bot", "Which colour do I like best?", "--thread", thread)
            #expect(second.output.contains("teal"), "\(second.output)\(second.errors)")
            #expect(await exists(thread, client))
        }
    }

    @Test func aChatRemembersAndTakesBack() async throws {
        try await withLiveProject(["bot.yaml": "instructions: Remember.\n"]) { muster, client in
            let lines = """
                My favourite colour is teal.
                Which colour do I like best?
                /history
                /undo
                /history
                /thread

                """
            let chat = try await muster.run(["chat", "bot"], input: lines)
            #expect(chat.status == 0, "\(chat.errors)")
            #expect(chat.output.contains("teal"))
            #expect(chat.errors.contains("Took back: Which colour do I like best?"))
            #expect(
                chat.output.components(separatedBy: "user: My favourite colour is teal.").count == 3, "\(chat.output)")
            #expect(chat.output.components(separatedBy: "user: Which colour").count == 2)
            let thread = try #require(chat.output.split(separator: "\n").last.map(String.init))
            #expect(await !exists(thread, client))
        }
    }

    @Test func aChatGoesOnAfterAMistake() async throws {
        try await withLiveProject(["bot.yaml": "instructions: x\n"]) { muster, _ in
            let chat = try await muster.run(["chat", "bot"], input: "/nonsense\n/image none.png\nHello\n")
            #expect(chat.status == 1)
            #expect(chat.errors.contains("there is no command /nonsense"))
            #expect(chat.errors.contains("none.png cannot be read"))
            #expect(chat.output.contains("Hello"))
        }
    }
}
