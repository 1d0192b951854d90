import AssistantsClient
import Harness
import JSONModel
import Reports
import Specs
import Testing

/// Where in the project cited files come from, asked of the assistant's stores.
struct CitedPathsTests {
    /// Asks about two files, with an assertion on the path of one that is not among them.
    private func status(_ faults: [String]) async throws -> TestReport.Status? {
        try await LiveServer(faults: faults).with { client, _ in
            let store = try await client.createVectorStore(["name": "s"])["id"]?.string ?? ""
            for name in ["tea", "rice"] {
                let file = try await client.uploadFile(
                    Array("Everything about \(name) in Taipei.".utf8), name: "\(name).md", purpose: "assistants")
                _ = try await client.addFile(
                    toStore: store,
                    ["file_id": .string(file), "attributes": ["muster.path": .string("knowledge/\(name).md")]])
            }
            let assistant = try await client.createAssistant([
                "model": "m", "tools": [["type": "file_search"]],
                "tool_resources": ["file_search": ["vector_store_ids": [.string(store)]]],
            ])
            let isNotCited = AssertionSpec(.fileSearchUsed, negated: true, value: "knowledge/coffee.md")
            let runner = TestRunner(
                client: client, environment: "local", surroundings: Surroundings(now: { "2026-01-02 03:04:05" }))
            let suite = TestSuite(
                key: "bot", assistantID: assistant["id"]?.string ?? "",
                tests: [TestSpec(name: "t", turns: [turn("What of tea and rice in Taipei?", [isNotCited])])])
            return await runner.run([suite]).cases.first?.status
        }
    }

    @Test func aFileThatIsNotThereIsNotFound() async throws {
        #expect(try await status([]) == .passed)
    }

    /// One of two entries cannot be read: it may be the one that must not be there.
    @Test func anEntryThatCannotBeReadMakesNoPathKnown() async throws {
        #expect(try await status(["error=403,method=GET,path=/vector_stores/*/files/*,count=1"]) == .error)
    }
}
