import Foundation
import JSONModel
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Secrets of every kind go through every command, format, report, recording, history entry, saved plan, log level and child
/// process, and through runs that are killed: none is in anything that is written or shown.
@Suite(.timeLimit(.minutes(5)))
struct CanaryTests {
    private let canaries = Canaries()

    private func replace(_ old: String, with new: String, in file: String, of muster: CommandFixture) throws {
        let url = muster.folder.appending(path: file)
        let text = try String(contentsOf: url, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
    }

    private func run(_ steps: [CanaryStep], _ muster: CommandFixture, _ folder: URL) async throws {
        for step in steps {
            if let edit = step.edit { try replace(edit.from, with: edit.to, in: "bot.yaml", of: muster) }
            let result = try await muster.run(step.words, input: "Say it\n")
            if let status = step.status {
                #expect(result.status == status, "\(step.words) \(result.output)\(result.errors)")
            }
            #expect(result.status < 128 && result.status != 64, "\(step.words) \(result.errors)")
            #expect(canaries.hits(result, in: folder) == [], "\(step.words)")
        }
    }

    private func git(_ muster: CommandFixture, _ words: String...) async throws {
        let folder = muster.folder.path(percentEncoded: false)
        let result = try await OutsideProgram.run("git", ["-C", folder] + words, environment: muster.environment)
        try #require(result.status == 0, "\(result.output)")
    }

    @Test(.enabled(if: OutsideProgram.isInstalled("git"), "needs git"), arguments: Canaries.KeyPlace.allCases)
    func everyCommandAndFormat(_ place: Canaries.KeyPlace) async throws {
        try await canaries.withProject(place) { muster, _, folder in
            try await git(muster, "init", "-q", ".")
            try await git(muster, "add", "muster.yaml", "bot.yaml")
            try await git(muster, "commit", "-qm", "base")
            try await run(CanaryStep.all, muster, folder)
            // What shows no mask has shown nothing secret to begin with.
            for name in ["tape.jsonl", "r.json", "r.jsonl"] {
                let text = try String(contentsOf: muster.folder.appending(path: name), encoding: .utf8)
                #expect(text.contains("<REDACTED>"), "\(name)")
            }
            let written = ["tape.jsonl", "r.html", "plan.json", "apply.json", "merged-r.json", "p.json"]
            for name in written + Canaries.children + (place == .command ? ["child-key.txt"] : []) {
                let path = muster.folder.appending(path: name).path(percentEncoded: false)
                #expect((FileManager.default.contents(atPath: path) ?? Data()).count > 50, "\(name)")
            }
            let listed = try await muster.run("list", "--format", "json")
            let id = try #require(listed.output.firstMatch(of: /asst_[A-Za-z0-9]+/).map { String($0.0) })
            // In a spec of another key: a value that nothing in the project calls secret any more would be none.
            try FileManager.default.moveItem(
                at: muster.folder.appending(path: "bot.yaml"), to: muster.folder.appending(path: "holder.yaml"))
            let steps = CanaryStep.adopting.map { step in
                CanaryStep(step.words.map { $0 == "ID" ? id : $0 }, step.status)
            }
            try await run(steps, muster, folder)
        }
    }

    /// A server that repeats in its answer whatever it was sent, headers and all.
    @Test(arguments: [200, 400, 401, 404])
    func aServerThatRepeatsWhatItIsSent(_ status: Int) async throws {
        try await canaries.withProject { muster, address, folder in
            try await EchoingServer.run(status: status) { echoing in
                try replace(address, with: "\(echoing)/v1", in: "muster.yaml", of: muster)
                for words in [
                    ["plan", "-v"], ["apply", "-v", "--auto-approve"],
                    ["test", "-v", "--allow-drift", "--json", "r.json", "--test-timeout", "5"],
                    ["ask", "asst_1", "Say it", "-v"], ["doctor", "-v"], ["list"], ["import", "asst_1"],
                    ["pull", "--adopt"], ["preview", "--test-timeout", "5"], ["release", "bot"],
                    ["destroy", "--auto-approve", "--allow-delete"],
                    ["rollback", "bot", "--auto-approve"], ["test", "cleanup"], ["preview", "cleanup"],
                ] {
                    let result = try await muster.run(words + ["--timeout", "5"])
                    #expect(canaries.hits(result, in: folder) == [], "\(words)")
                }
            }
        }
    }

    /// A program that is to give the key, writes it and then fails.
    @Test func aProgramForTheKeyThatFails() async throws {
        try await canaries.withProject(.command) { muster, _, folder in
            try replace("outside/key'", with: "outside/key; exit 3'", in: "muster.yaml", of: muster)
            let result = try await muster.run("plan", "-v")
            #expect(result.status == 1 && result.errors.contains("exit code 3"), "\(result.errors)")
            #expect(canaries.hits(result, in: folder) == [])
        }
    }

    /// A checkout may hold a link in a report's or a recording's place.
    @Test(arguments: ["--json", "--html", "--junit", "--markdown", "--tap", "--jsonl", "--record"])
    func aLinkInPlaceOfAReportIsRefused(_ option: String) async throws {
        try await canaries.withProject { muster, _, _ in
            let applied = try await muster.run("apply", "--auto-approve")
            #expect(applied.status == 0)
            let link = muster.folder.appending(path: "link")
            let target = muster.folder.appending(path: "target")
            try Data("theirs".utf8).write(to: target)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            let result = try await muster.run("test", option, "link")
            #expect(result.status == 1 && result.errors.contains("a link is in the way"), "\(result.errors)")
            #expect(try String(contentsOf: target, encoding: .utf8) == "theirs")
        }
    }

    /// A command, and which of its requests is in the middle of its work.
    static let killed: [(words: [String], request: Int)] = [
        (["plan", "-v"], 1), (["list"], 1), (["pull", "--adopt"], 1), (["apply", "--auto-approve"], 2),
        (["test", "--record", "tape.jsonl", "--jsonl", "r.jsonl"], 2), (["preview"], 2),
        (["doctor"], 2), (["ask", "bot", "Say it"], 2), (["destroy", "--auto-approve", "--allow-delete"], 2),
        (["release", "bot"], 2),
    ]

    /// Killed in the middle of a request, at whichever command: nothing secret is left on the disk.
    @Test(arguments: killed, KillingProxy.Boundary.allCases)
    func anAbortedRun(_ killed: (words: [String], request: Int), _ boundary: KillingProxy.Boundary) async throws {
        try await canaries.withProject { muster, address, folder in
            let applied = try await muster.run("apply", "--auto-approve")
            #expect(applied.status == 0, "\(applied.errors)")
            if killed.words[0] != "test" { try replace("name: one", with: "name: two", in: "bot.yaml", of: muster) }
            let proxy = KillingProxy(upstream: address.replacing("/v1", with: ""), stopAt: killed.request, boundary)
            try await proxy.run { proxied in
                try replace(address, with: "\(proxied)/v1", in: "muster.yaml", of: muster)
                let process = try muster.start(killed.words)
                proxy.onStop { kill(process.identifier, SIGKILL) }
                let status = await process.wait()
                // One that has its last answer may be quicker than the signal.
                #expect(status == SIGKILL || boundary == .afterAnswer, "\(killed.words) \(status)")
                #expect(canaries.hits(in: folder) == [], "\(killed.words)")
            }
        }
    }
}
