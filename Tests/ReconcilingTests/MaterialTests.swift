import AssistantsClient
import Emulator
import Foundation
import JSONModel
import Planning
import Reconciling
import Reports
import States
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that are not what they seem, and files that move while they are read.
struct MaterialTests {
    private func digest(_ path: String, in folder: URL) throws -> FileDigest {
        try MaterialHashes(root: folder, stateFolder: nil).digest(path).digest
    }

    @Test func aDigestIsTheSHA256OfTheContents() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["a.md": "abc"])
            // FIPS 180-4, appendix of examples.
            #expect(
                try digest("a.md", in: folder).text
                    == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        }
    }

    @Test func pipesDevicesAndFoldersAreNotRead() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["folder/a.md": "a"])
            let pipe = folder.appending(path: "pipe").path(percentEncoded: false)
            try #require(mkfifo(pipe, 0o600) == 0)
            for path in ["pipe", "folder"] {
                #expect(throws: MaterialProblem.notAFile(path: path)) { try digest(path, in: folder) }
            }
        }
    }

    @Test func aLinkThatWasPutInAFilesPlaceIsNotFollowedOut() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["project/b.md": "b", "secret.md": "s"])
            let root = folder.appending(path: "project")
            try FileManager.default.createSymbolicLink(
                at: root.appending(path: "a.md"), withDestinationURL: folder.appending(path: "secret.md"))
            #expect(throws: MaterialProblem.notAFile(path: "a.md")) { try digest("a.md", in: root) }
        }
    }

    @Test func whatTheDiskSaysIsOldIsNotReadAgain() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["a.md": "one", "state/x": ""])
            let file = folder.appending(path: "a.md").path(percentEncoded: false)
            let old = Date(timeIntervalSince1970: 1_000_000)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: file)
            let state = folder.appending(path: "state")
            let first = MaterialHashes(root: folder, stateFolder: state)
            let digest = try first.digest("a.md").digest
            first.keep()
            // The same size, inode and time: only a reader of the bytes could tell.
            let handle = try FileHandle(forWritingTo: folder.appending(path: "a.md"))
            try handle.write(contentsOf: Data("two".utf8))
            try handle.close()
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: file)
            #expect(try MaterialHashes(root: folder, stateFolder: state).digest("a.md").digest == digest)
        }
    }

    @Test func aFileThatWasJustWrittenIsReadAgain() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["a.md": "one", "state/x": ""])
            let state = folder.appending(path: "state")
            let first = MaterialHashes(root: folder, stateFolder: state)
            let digest = try first.digest("a.md").digest
            first.keep()
            let handle = try FileHandle(forWritingTo: folder.appending(path: "a.md"))
            try handle.write(contentsOf: Data("two".utf8))
            try handle.close()
            #expect(try MaterialHashes(root: folder, stateFolder: state).digest("a.md").digest != digest)
        }
    }
}

/// A project's knowledge against the live local server.
struct KnowledgeApplierTests {
    private func wanted(_ path: String, in folder: URL) throws -> DesiredFile {
        let (digest, bytes) = try MaterialHashes(root: folder, stateFolder: nil).digest(path)
        return DesiredFile(path: path, digest: digest, bytes: bytes)
    }

    private func plan(_ files: [DesiredFile], _ bench: Bench) async throws -> KnowledgePlan {
        let observed = try await KnowledgeObserver(bench.server()).observe()
        return KnowledgePlanner(hash: sha256).plan(
            KnowledgePlanner.Wanted(owner: bench.owner, stores: [DesiredKnowledge(key: "k", files: files)]), observed
        ).plan
    }

    private func applier(_ bench: Bench) throws -> KnowledgeApplier {
        KnowledgeApplier(
            server: try bench.server(), reader: MaterialReader(root: bench.folder), history: bench.history,
            options: KnowledgeApplier.Options(parallelism: 4))
    }

    private func apply(_ plan: KnowledgePlan, _ bench: Bench) async throws -> KnowledgeReport {
        let applier = try applier(bench)
        return await applier.clear(plan, await applier.fill(plan), areAssistantsDone: true)
    }

    @Test func whatIsUploadedIsThereOnce() async throws {
        try await Bench.with { bench in
            try bench.folder.write(["a.md": "tea is good", "b.md": "rice is good"])
            let files = try ["a.md", "b.md"].map { try wanted($0, in: bench.folder) }
            let report = try await apply(try await plan(files, bench), bench)
            #expect(report.uploadedFiles == 2)
            #expect(try await plan(files, bench).isEmpty)
        }
    }

    @Test func aFileThatChangedSinceThePlanIsNotPutThere() async throws {
        try await Bench.with { bench in
            try bench.folder.write(["a.md": "tea is good"])
            let plan = try await plan([try wanted("a.md", in: bench.folder)], bench)
            try bench.folder.write(["a.md": "tea is bad!"])
            let report = try await apply(plan, bench)
            #expect(report.outcomes.map(\.status) == [.failed])
            #expect(report.outcomes.first?.message?.contains("changed since the plan was made") == true)
            #expect(try await bench.client.allFiles().items.isEmpty)
        }
    }

    @Test(arguments: ["/files", "/vector_stores"])
    func anAnswerThatIsLostMakesNothingTwice(_ path: String) async throws {
        try await Bench.with(faults: ["cut=after,path=\(path),method=POST,count=1"]) { bench in
            try bench.folder.write(["a.md": "tea is good"])
            let files = [try wanted("a.md", in: bench.folder)]
            let report = try await apply(try await plan(files, bench), bench)
            #expect(report.isComplete, "\(report)")
            #expect(try await bench.client.allFiles().items.count == 1)
            #expect(try await bench.client.allVectorStores().items.count == 1)
            #expect(try await plan(files, bench).isEmpty)
        }
    }

    @Test func aStoreThatSomebodyEditedSinceThePlanIsRefused() async throws {
        try await Bench.with { bench in
            try bench.folder.write(["a.md": "tea", "b.md": "rice"])
            let (a, b) = (try wanted("a.md", in: bench.folder), try wanted("b.md", in: bench.folder))
            _ = try await apply(try await plan([a], bench), bench)
            let plan = try await plan([a, b], bench)
            let store = try #require(plan.changes.first?.id)
            _ = try await bench.client.updateVectorStore(store.text, ["name": "mine"])
            #expect(try await apply(plan, bench).outcomes.map(\.status) == [.refusedAsStale])
        }
    }

    @Test func strangersFilesAndStoresStay() async throws {
        try await Bench.with { bench in
            try bench.folder.write(["a.md": "tea"])
            let theirs = try await bench.client.uploadFile(Array("tea".utf8), name: "a.md", purpose: "assistants")
            _ = try await bench.client.createVectorStore(["name": "theirs", "file_ids": [.string(theirs)]])
            _ = try await apply(try await plan([try wanted("a.md", in: bench.folder)], bench), bench)
            let observed = try await KnowledgeObserver(bench.server()).observe()
            let nothing = KnowledgePlanner.Wanted(owner: bench.owner, stores: [])
            _ = try await apply(KnowledgePlanner(hash: sha256).plan(nothing, observed).plan, bench)
            #expect(try await bench.client.allFiles().items.compactMap { $0["id"]?.string } == [theirs])
            #expect(try await bench.client.allVectorStores().items.compactMap { $0["name"]?.string } == ["theirs"])
        }
    }

    @Test func anotherEnvironmentOfTheSameServerKeepsItsFiles() async throws {
        try await Bench.with { bench in
            var other = bench
            other.owner = "p/other"
            try bench.folder.write(["a.md": "tea"])
            let files = [try wanted("a.md", in: bench.folder)]
            _ = try await apply(try await plan(files, bench), bench)
            _ = try await apply(try await plan(files, other), other)
            let observed = try await KnowledgeObserver(bench.server()).observe()
            let nothing = KnowledgePlanner.Wanted(owner: bench.owner, stores: [])
            _ = try await apply(KnowledgePlanner(hash: sha256).plan(nothing, observed).plan, bench)
            #expect(try await plan(files, other).isEmpty)
        }
    }

    @Test func whatCannotBeIndexedIsSaidWithTheServersReason() async throws {
        try await Bench.with { bench in
            try Data([0xFF, 0xFE, 0x00, 0xD8]).write(to: bench.folder.appending(path: "a.md"))
            let files = [try wanted("a.md", in: bench.folder)]
            let report = try await apply(try await plan(files, bench), bench)
            #expect(report.outcomes.map(\.status) == [.failed])
            #expect(report.outcomes.first?.message?.contains("indexing failed: The local server") == true)
            #expect(try await !plan(files, bench).isEmpty)
        }
    }
}

/// Servers that take their time with indexing, or never come to an end.
struct IndexingTests {
    private func report(_ fault: String, patience: Duration = .seconds(60)) async throws -> (
        KnowledgeReport, isEmpty: Bool
    ) {
        var result = (KnowledgeReport(), isEmpty: false)
        try await Bench.with(faults: [fault]) { bench in
            try bench.folder.write(["a.md": "tea is good"])
            let (digest, bytes) = try MaterialHashes(root: bench.folder, stateFolder: nil).digest("a.md")
            let stores = [
                DesiredKnowledge(key: "k", files: [DesiredFile(path: "a.md", digest: digest, bytes: bytes)])
            ]
            let wanted = KnowledgePlanner.Wanted(owner: bench.owner, stores: stores)
            let planner = KnowledgePlanner(hash: sha256)
            let observer = KnowledgeObserver(try bench.server())
            let plan = planner.plan(wanted, try await observer.observe()).plan
            let applier = KnowledgeApplier(
                server: try bench.server(), reader: MaterialReader(root: bench.folder), history: bench.history,
                options: KnowledgeApplier.Options(parallelism: 4, patience: patience))
            result.0 = await applier.clear(plan, await applier.fill(plan), areAssistantsDone: true)
            result.isEmpty = planner.plan(wanted, try await observer.observe()).plan.isEmpty
        }
        return result
    }

    @Test func anApplyWaitsUntilFilesAreIndexed() async throws {
        let (report, isEmpty) = try await report("indexing=in_progress,method=GET,path=/vector_stores/*/files,count=3")
        #expect(report.isComplete, "\(report)")
        #expect(isEmpty)
    }

    @Test func whatIsNotIndexedInTimeIsSaidAndNeverCalledDone() async throws {
        let (report, isEmpty) = try await report("indexing=in_progress", patience: .zero)
        #expect(report.outcomes.first?.message?.hasPrefix("1 file is still in progress") == true, "\(report)")
        #expect(!report.isComplete)
        #expect(!isEmpty)
    }

    @Test func whatFailsIsSaidWithItsReason() async throws {
        let (report, isEmpty) = try await report("indexing=failed")
        #expect(report.outcomes.first?.message == "a.md: indexing failed: as the fault says")
        #expect(!isEmpty)
    }
}
