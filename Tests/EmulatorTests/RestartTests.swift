import Emulator
import EmulatorCore
import Foundation
import JSONModel
import TestSupport
import Testing

/// What a server finds that was killed while runs were active.
struct RestartTests {
    @Test func interruptedRunFailsAndUnlocksItsThread() async throws {
        try await withTemporaryDirectory { folder in
            var configuration = EmulatorConfiguration()
            configuration.store = .file(folder.appending(path: "store.sqlite").path)
            configuration.rules = try ModelRules(
                parsing: #"{"rules": [{"says": "wait", "reply": "late", "delay_ms": 60000}]}"#)
            let (thread, run) = try await withServer(configuration) { client in
                let assistant = try await client.assistant()
                let thread = try await client.thread("wait")
                let run = try await client.run(thread, assistant)
                _ = try await eventually("the model works on it") {
                    let status = try await client.get("threads/\(thread)/runs/\(run)").json["status"]?.string
                    return status == "in_progress" ? status : Optional.none
                }
                return (thread, run)
            }
            try await withServer(configuration) { client in
                let failed = try await client.settled(run, of: thread)
                #expect(failed["status"] == "failed")
                #expect(failed["last_error"]?["code"] == "server_error")
                let message = try await client.post(
                    "threads/\(thread)/messages", ["role": "user", "content": "Hello again"])
                #expect(message.status == 200)
            }
        }
    }
}
