import Emulator
import EmulatorCore
import JSONModel
import Testing

/// Quirks of servers that are met less often.
struct LesserFaultTests {
    private func with(_ fault: String, body: (EmulatorClient) async throws -> Void) async throws {
        var configuration = EmulatorConfiguration()
        configuration.faults = try FaultPlan(parsing: [fault])
        try await withServer(configuration, body)
    }

    @Test func bodyComesSlowlyButWhole() async throws {
        try await with("slow-body=1,method=GET") { client in
            let id = try await client.assistant(["instructions": .string(String(repeating: "slow ", count: 200))])
            let begin = ContinuousClock.now
            let text = try await client.get("assistants/\(id)").json["instructions"]?.string
            #expect(text?.count == 1_000)
            // 64 bytes at a time, a millisecond before each.
            #expect(ContinuousClock.now - begin >= .milliseconds(15))
        }
    }

    @Test func largeLimitIsRefused() async throws {
        try await with("limit-refused=50") { client in
            #expect(try await client.get("assistants?limit=50").status == 200)
            let refused = try await client.get("assistants?limit=51")
            #expect(refused.status == 422)
            #expect(refused.errorMessage == "limit must be at most 50")
        }
    }

    @Test func deletionKeepsTheName() async throws {
        try await with("deleted=short") { client in
            let id = try await client.assistant()
            #expect(try await client.delete("assistants/\(id)").json["object"] == "assistant")
        }
    }

    @Test func deletionOfTheUnknownSucceeds() async throws {
        try await with("deleted=unknown") { client in
            let answer = try await client.delete("assistants/asst_never")
            #expect(answer.status == 200)
            #expect(answer.json == ["id": "asst_never", "deleted": false])
        }
    }

    @Test func longTextIsRefused() async throws {
        try await with("text-limit=10") { client in
            let taken = try await client.post("assistants", ["model": "m", "instructions": "0123456789"])
            #expect(taken.status == 200)
            #expect(try await client.post("assistants", ["model": "m", "instructions": "0123456789a"]).status == 422)
        }
    }

    @Test func toolsAreIgnored() async throws {
        try await with("tools=ignored") { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("Who won?")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "completed")
        }
    }

    @Test func newestAnswerIsMissingFromTheListAtFirst() async throws {
        try await with("messages=late,path=/threads/*/messages,method=GET,count=1") { client in
            let thread = try await client.thread("Hello")
            _ = try await client.settled(client.run(thread, client.assistant()), of: thread)
            let roles = { (list: JSONValue) in list["data"]?.array?.compactMap { $0["role"]?.string } }
            #expect(roles(try await client.get("threads/\(thread)/messages").json) == ["user"])
            #expect(roles(try await client.get("threads/\(thread)/messages").json) == ["assistant", "user"])
        }
    }
}
