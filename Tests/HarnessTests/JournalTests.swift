import AssistantsClient
import Foundation
import Harness
import TestSupport
import Testing

struct JournalTests {
    private func texts(_ folder: URL) throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.map { try String(contentsOf: $0, encoding: .utf8) }
    }

    @Test func knowsWhatAKilledRunLeft() {
        let text = """
            created thread t1
            created thread t2
            deleted thread t1
            nonsense
            created file f3
            kept file f3
            created file t4
            """
        #expect(CreationJournal.leftovers(in: text) == [Creation(.thread, "t2"), Creation(.file, "t4")])
    }

    /// A server calls a thread what it likes; none of it becomes a line, or a word of one.
    @Test(arguments: [
        "t1\ncreated thread of-somebody", "t1\r\ncreated thread x", "t1\u{2028}created file x", "t1\u{85}x", "a b c",
        "100%41", "é",
    ])
    func aHostileIDForgesNoLine(_ id: String) async throws {
        try await withTemporaryDirectory { folder in
            let journal = try CreationJournal(in: folder)
            journal.note(.created, Creation(.thread, id))
            journal.note(.created, Creation(.thread, "t2"))
            journal.note(.deleted, Creation(.thread, "t2"))
            let text = try #require(try texts(folder).first)
            #expect(text.split(whereSeparator: \.isNewline).count == 3)
            #expect(CreationJournal.leftovers(in: text) == [Creation(.thread, id)])
        }
    }

    @Test func writesAThreadDownBeforeItIsUsed() async throws {
        try await withTemporaryDirectory { folder in
            let journals = folder.appending(path: "deep/journals")
            let journal = try CreationJournal(in: journals)
            _ = try await withThread(client(ScriptedServer([])), journal: journal) { _ in
                let found = try? texts(journals)  // nil fails it just as well
                #expect(found == ["created thread t1\n"])
            }
            journal.finish()
            #expect(try texts(journals) == [])
        }
    }

    @Test func staysWhenSomethingIsLeft() async throws {
        try await withTemporaryDirectory { folder in
            let server = ScriptedServer([])
            server.fail("DELETE /threads", status: 500)
            let journal = try CreationJournal(in: folder)
            _ = try await withThread(client(server), journal: journal) { _ in }
            #expect(AbandonedJournal.all(in: folder).isEmpty)
            journal.finish()
            let abandoned = AbandonedJournal.all(in: folder)
            #expect(abandoned.map(\.leftovers) == [[Creation(.thread, "t1")]])
            for journal in abandoned { journal.remove() }
            #expect(try texts(folder) == [])
        }
    }

    @Test func takesAMissingFolderForAnEmptyOne() {
        #expect(AbandonedJournal.all(in: URL(filePath: "/no/such/folder")).isEmpty)
    }

    @Test func cancelsTheRunsOfAThreadThatCannotBeDeletedYet() async throws {
        let server = ScriptedServer([.init(looks: 100)])
        server.fail("DELETE /threads/t1", status: 409)
        await #expect(throws: AssistantsError.self) {
            try await Sweep(client: client(server)).delete(Creation(.thread, "t1"))
        }
        #expect(
            server.lines == [
                "DELETE /threads/t1", "GET /threads/t1/runs", "POST /threads/t1/runs/r0/cancel", "DELETE /threads/t1",
            ])
    }

    @Test func takesWhatIsGoneForDeleted() async throws {
        let server = ScriptedServer([])
        server.fail("DELETE /files/f1", status: 404)
        try await Sweep(client: client(server)).delete(Creation(.file, "f1"))
    }
}
