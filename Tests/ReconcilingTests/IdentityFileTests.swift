import AssistantsClient
import Files
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import TestSupport
import Testing

/// `identity: file`: servers that forget metadata, or that have no list.
struct IdentityFileTests {
    private let fields: [AssistantField: JSONValue] = [.name: "n", .instructions: "one\n", .metadata: ["a": "b"]]

    @Test(arguments: [["metadata=dropped"], ["missing=404,method=GET,path=/assistants"]])
    func settles(_ faults: [String]) async throws {
        let missing: Set<ServerTraits.Operation> = faults[0].hasPrefix("missing") ? [.list] : []
        try await Bench.with(faults: faults, traits: ServerTraits(identity: .file, missing: missing)) { bench in
            let created = try await bench.apply(bench.bots(5, fields))
            #expect(created.count(.created) == 5, "\(created.outcomes.compactMap(\.message))")
            let plan = try await bench.plan(bench.bots(5, fields))
            #expect(plan.isEmpty)
            let changed = bench.bots(4, fields.merging([.name: "new"]) { $1 })
            let second = try await bench.apply(changed)
            #expect(second.count(.updated) == 4 && second.count(.deleted) == 1)
            #expect(try await bench.plan(changed).isEmpty)
        }
    }

    @Test func marksAreNotSent() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            try await bench.apply(bench.bots(1, fields))
            #expect(try await bench.everything().first?["metadata"] == ["a": "b"])
        }
    }

    @Test func anEditOnTheServerIsDrift() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            try await bench.apply(bench.bots(1, fields))
            let id = try #require(try await bench.observe().owned.first?.id)
            _ = try await bench.client.updateAssistant(id.text, ["name": "edited"])
            #expect(try await bench.plan(bench.bots(1, fields)).changes.first?.fields.map(\.cause) == [.drift])
        }
    }

    @Test func whatIsGoneIsCreatedAnew() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            try await bench.apply(bench.bots(2, fields))
            let id = try #require(try await bench.observe().owned.first?.id)
            try await bench.client.deleteAssistant(id.text)
            #expect(try await bench.plan(bench.bots(2, fields)).count(.create) == 1)
        }
    }

    @Test func whatAKilledApplyDidIsInTheJournal() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            try await bench.apply(bench.bots(3, fields))
            // As if the apply had been killed before it wrote the file: the journal says the same.
            let file = bench.folder.appending(path: LockFile.fileName)
            let lines = try Self.journal(of: file)
            try FileManager.default.removeItem(at: file)
            try Data((lines + "{\"op\":\"kee").utf8).write(to: Self.leftover(bench))
            #expect(try await bench.plan(bench.bots(3, fields)).isEmpty)
        }
    }

    /// A step that is not known may be a creation: it must not be forgotten, least of all with its file.
    @Test func aDamagedJournalIsSaidAndKept() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            let file = try Self.leftover(bench)
            try Data("{\"op\":\"kee\n{\"op\":\"forget\",\"owner\":\"p/e\",\"id\":\"x\"}\n".utf8).write(to: file)
            #expect(throws: LockFile.Problem.unreadableJournal(file.lastPathComponent)) { try bench.lock() }
            #expect(FileManager.default.fileExists(atPath: file.path(percentEncoded: false)))
        }
    }

    @Test func aJournalThatCannotBeReadIsSaid() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            let file = try Self.leftover(bench)
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            #expect(throws: LockFile.Problem.unreadableJournal(file.lastPathComponent)) { try bench.lock() }
        }
    }

    /// Where a process that is gone has left its journal.
    private static func leftover(_ bench: Bench) throws -> URL {
        let folder = bench.folder.appending(path: "journals")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: "lock-journal-1-1.jsonl")
    }

    /// The journal that would make a lock file.
    private static func journal(of file: URL) throws -> String {
        let owners = try JSONValue(parsing: Data(contentsOf: file))["owners"]?.object ?? [:]
        return owners.flatMap { owner, assistants in
            (assistants.object ?? [:]).map { id, entry in
                JSONValue.object([
                    "op": "keep", "owner": .string(owner), "id": .string(id), "assistant": entry["assistant"] ?? .null,
                    "applied": entry["applied"] ?? .null,
                ]).text() + "\n"
            }
        }.joined()
    }

    @Test func aCreationThatWasCutOffIsFoundByItsContents() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            try await bench.apply(bench.bots(1, fields))
            let file = bench.folder.appending(path: LockFile.fileName)
            try FileManager.default.removeItem(at: file)
            let step = "{\"op\":\"begin\",\"owner\":\"\(bench.owner)\",\"assistant\":\"bot-1\"}\n"
            try Data(step.utf8).write(to: Self.leftover(bench))
            let report = try await bench.apply(bench.bots(1, fields))
            #expect(report.isComplete)
            #expect(try await bench.everything().count == 1)
            #expect(try await bench.plan(bench.bots(1, fields)).isEmpty)
        }
    }

    @Test func lostAnswersCreateNothingTwice() async throws {
        try await Bench.with(
            faults: ["cut=after,path=/assistants,method=POST"], traits: ServerTraits(identity: .file)
        ) { bench in
            var bots = bench.bots(4)
            for place in bots.indices { bots[place].fields[.name] = .string("name \(place)") }
            let report = try await bench.apply(bots)
            #expect(report.count(.created) == 4, "\(report.outcomes.compactMap(\.message))")
            #expect(try await bench.everything().count == 4)
            #expect(try await bench.plan(bots).isEmpty)
        }
    }

    @Test func aProtectionIsKeptInTheFile() async throws {
        try await Bench.with(
            faults: ["missing=405,method=POST,path=/assistants/*"],
            traits: ServerTraits(identity: .file, missing: [.update])
        ) { bench in
            try await bench.apply(bench.bots(1))
            var bots = bench.bots(1)
            bots[0].preventDestroy = true
            #expect(try await bench.apply(bots).count(.updated) == 1)
            #expect(try await bench.observe().owned.first?.marks.isProtected == true)
            #expect(try await bench.plan(bots).isEmpty)
        }
    }

    @Test(arguments: ["{", "[]", "{\"format_version\":\"1.0\"}", "{\"format_version\":\"2.0\",\"owners\":{}}"])
    func otherFilesAreRefused(_ text: String) async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            try Data(text.utf8).write(to: bench.folder.appending(path: LockFile.fileName))
            #expect(throws: LockFile.Problem.self) { _ = try bench.lock() }
        }
    }

    @Test func anotherOwnersEntriesStay() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            let other = """
                {"format_version":"1.0","owners":{"other/e":{"asst_9":{"assistant":"x","applied":"1;-;"}}}}
                """
            let file = bench.folder.appending(path: LockFile.fileName)
            try Data(other.utf8).write(to: file)
            try await bench.apply(bench.bots(1))
            let owners = try JSONValue(parsing: Data(contentsOf: file))["owners"]
            #expect(owners?["other/e"]?["asst_9"]?["assistant"] == "x")
            #expect(owners?["p/e"]?.object?.count == 1)
        }
    }

    /// Two environments, or two processes, at once: each takes its steps into the file as it is then.
    @Test func twoAppliesAtOnceLoseNothingOfEachOthers() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            var other = bench
            other.owner = "p/other"
            // Both have read the file before either writes it.
            let (ours, theirs) = (try #require(try bench.lock()), try #require(try other.lock()))
            let (first, second) = (bench.server(ours), other.server(theirs))
            for (server, bench) in [(first, bench), (second, other)] {
                let applier = Applier(
                    server: server, history: bench.history, options: Applier.Options(parallelism: 4))
                _ = await applier.apply(try await bench.plan(bench.bots(3))) { _ in }
            }
            #expect(try bench.lock()?.ids.count == 3)
            #expect(try other.lock()?.ids.count == 3)
        }
    }

    @Test func aJournalThatIsStillWrittenIsLeftAlone() async throws {
        try await Bench.with(traits: ServerTraits(identity: .file)) { bench in
            let path = try Self.leftover(bench)
            let step = "{\"op\":\"keep\",\"owner\":\"p/e\",\"id\":\"x\",\"assistant\":\"bot-1\",\"applied\":\"1;-;\"}\n"
            try Data(step.utf8).write(to: path)
            let held = try #require(try FileLock(path: path.path(percentEncoded: false)))
            #expect(try bench.lock()?.ids == [])
            held.release()
            #expect(try bench.lock()?.ids == ["x"])
        }
    }
}
