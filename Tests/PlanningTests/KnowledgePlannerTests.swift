import JSONModel
import Planning
import States
import TestSupport
import Testing

struct KnowledgePlannerTests {
    private let tea = wantedFile("tea.md", "tea")
    private let rice = wantedFile("rice.md", "rice")

    private func store(
        _ files: [DesiredFile], chunking: ChunkSizes = .standard, days: Int? = nil, key: KnowledgeKey = "handbook"
    ) -> DesiredKnowledge {
        DesiredKnowledge(key: key, files: files, chunking: chunking, expiryDays: days)
    }

    private func applied(_ files: [DesiredFile]) -> KnowledgeModel {
        var model = KnowledgeModel()
        model.apply(model.plan([store(files)]))
        return model
    }

    private func only(_ plan: KnowledgePlan) throws -> KnowledgeChange {
        #expect(plan.changes.count == 1)
        return try #require(plan.changes.first)
    }

    @Test func aNewStoreIsCreatedAndItsFilesUploaded() throws {
        let plan = KnowledgeModel().plan([store([tea, rice])])
        #expect(try only(plan).action == .create)
        #expect(plan.uploadBytes == 7)
    }

    @Test func afterAnApplyNothingIsLeftToDo() {
        let model = applied([tea, rice])
        #expect(model.plan([store([tea, rice])]).isEmpty)
    }

    @Test func aFileThatChangedIsUploadedAndTheOldOneSwept() throws {
        let plan = applied([tea, rice]).plan([store([wantedFile("tea.md", "green tea"), rice])])
        let change = try only(plan)
        #expect(change.files.map(\.kind) == [.changed])
        #expect(change.files.map(\.isUploaded) == [true])
        #expect(plan.uploadBytes == 9)
        #expect(plan.leftovers.map(\.bytes) == [3])
    }

    @Test func aRenamedFileIsNotUploadedAgain() throws {
        let plan = applied([tea]).plan([store([wantedFile("drinks/tea.md", "tea")])])
        #expect(try only(plan).files.map(\.kind) == [.renamed(from: "tea.md")])
        #expect(plan.uploadBytes == 0)
        #expect(plan.leftovers.isEmpty)
    }

    @Test func twoFilesThatTradeNamesAreNotUploadedAgain() throws {
        let plan = applied([tea, rice]).plan([store([wantedFile("rice.md", "tea"), wantedFile("tea.md", "rice")])])
        let change = try only(plan)
        #expect(change.files.map(\.kind) == [.renamed(from: "tea.md"), .renamed(from: "rice.md")])
        #expect(plan.uploadBytes == 0)
    }

    @Test func aFileOfTwoStoresIsUploadedOnce() {
        let plan = KnowledgeModel().plan([store([tea]), store([tea], key: "other")])
        #expect(plan.uploadBytes == 3)
    }

    @Test func aFileThatAnotherStoreKeepsIsNotSwept() {
        var model = KnowledgeModel()
        model.apply(model.plan([store([tea]), store([tea, rice], key: "other")]))
        let plan = model.plan([store([tea])])
        #expect(plan.changes.map(\.action) == [.none, .delete])
        #expect(plan.leftovers.map(\.bytes) == [4])
    }

    @Test func otherAttributesAreWrittenWithoutAnUpload() throws {
        let plan = applied([tea]).plan([store([wantedFile("tea.md", "tea", ["lang": "zh-TW"])])])
        #expect(try only(plan).files.map(\.kind) == [.attributes])
        #expect(plan.uploadBytes == 0)
    }

    @Test func otherPassagesMeanAStoreOfItsOwnWithoutAnUpload() throws {
        let model = applied([tea])
        let wanted = store([tea], chunking: ChunkSizes(size: 400, overlap: 100))
        let plan = model.plan([wanted])
        let change = try only(plan)
        #expect(change.action == .replace)
        #expect(change.reason == .chunking)
        #expect(change.files.map(\.kind) == [.reindexed])
        #expect(plan.uploadBytes == 0)
    }

    @Test func anExpiredStoreIsReplaced() throws {
        var model = applied([tea])
        let there = model.observed.stores[0]
        model.observed.stores[0] = ObservedStore(id: there.id, name: there.name, isExpired: true, marks: there.marks)
        let change = try only(model.plan([store([tea])]))
        #expect(change.reason == .expired)
    }

    @Test func aStoreThatIsGoneIsCreatedWithoutAnUpload() throws {
        var model = applied([tea])
        model.observed.stores = []
        let plan = model.plan([store([tea])])
        #expect(try only(plan).action == .create)
        #expect(plan.uploadBytes == 0)
    }

    @Test func aFileThatSomebodyAddedIsDrift() throws {
        var model = applied([tea])
        model.observed.stores[0].files.append(StoredFile(id: "file-theirs", path: nil, content: nil))
        let change = try only(model.plan([store([tea])]))
        #expect(change.files == [KnowledgeFileChange(path: "file-theirs", kind: .removed, content: nil, cause: .drift)])
        #expect(change.overwritesDrift)
    }

    @Test func aFileThatSomebodyTookOutIsDrift() throws {
        var model = applied([tea, rice])
        model.observed.stores[0].files.removeAll { $0.path == "tea.md" }
        let change = try only(model.plan([store([tea, rice])]))
        #expect(change.files.map(\.cause) == [.drift])
        #expect(change.files.map(\.isUploaded) == [false])
    }

    @Test func aNewFileIsNoDrift() throws {
        let change = try only(applied([tea]).plan([store([tea, rice])]))
        #expect(change.files.map(\.cause) == [.change])
    }

    @Test func aFileWhoseIndexingFailedIsNeverCalledEqual() throws {
        var model = applied([tea])
        let entry = model.observed.stores[0].files[0]
        model.observed.stores[0].files[0] = StoredFile(
            id: entry.id, state: .failed("no text in it"), path: entry.path, content: entry.content)
        let plan = model.plan([store([tea])])
        #expect(try only(plan).files.map(\.kind) == [.failed("no text in it")])
        #expect(!plan.isEmpty)
    }

    @Test func aFileThatIsStillBeingIndexedIsAwaited() throws {
        var model = applied([tea])
        let entry = model.observed.stores[0].files[0]
        model.observed.stores[0].files[0] = StoredFile(
            id: entry.id, state: .inProgress, path: entry.path, content: entry.content)
        #expect(try only(model.plan([store([tea])])).files.map(\.kind) == [.awaited])
    }

    @Test func strangersFilesAreNeverLeftovers() {
        var model = applied([tea])
        model.observed.files.append(ServerFile(id: "file-theirs", name: "notes.md", bytes: 3))
        #expect(model.plan([]).leftovers.map(\.id) == [model.observed.files[0].id])
    }

    @Test func aCodeFileIsUploadedUnlessItIsThere() {
        var model = KnowledgeModel()
        let rates = wantedFile("rates.csv", "1,2")
        let plan = model.plan([], codeFiles: [rates])
        #expect(plan.uploads == [rates])
        model.apply(plan)
        #expect(model.plan([], codeFiles: [rates]).isEmpty)
    }

    @Test func anExpiryThatSomebodySetIsDrift() throws {
        var model = applied([tea])
        let there = model.observed.stores[0]
        model.observed.stores[0] = ObservedStore(
            id: there.id, name: there.name, expiryDays: 3, marks: there.marks, files: there.files)
        let change = try only(model.plan([store([tea])]))
        #expect(change.settings.map(\.cause) == [.drift])
    }

    @Test func aStoreThatANewerMusterWroteIsLeftAlone() {
        var model = applied([tea])
        let there = model.observed.stores[0]
        let marks = KnowledgeMarks(owner: "p/e", key: "handbook", isProtected: false, applied: nil, isNewer: true)
        model.observed.stores[0] = ObservedStore(id: there.id, name: there.name, marks: marks, files: there.files)
        let plan = model.plan([])
        #expect(plan.changes.isEmpty)
        #expect(plan.leftovers.isEmpty)
    }

    @Test(arguments: KnowledgeModel.Progress.allCases)
    func whatAKilledApplyLeftIsFinishedAndNobodysEdit(_ progress: KnowledgeModel.Progress) {
        var model = applied([tea, rice])
        let wanted = store([wantedFile("tea.md", "green tea")], chunking: ChunkSizes(size: 400, overlap: 100), days: 3)
        model.apply(model.plan([wanted]), progress)
        let next = model.plan([wanted])
        let edited = next.changes.filter(\.overwritesDrift)
        #expect(edited.isEmpty)
        model.apply(next)
        #expect(model.plan([wanted]).isEmpty)
        #expect(model.observed.stores.count == 1)
        #expect(model.observed.files.count == 1)
    }

    @Test func aPlanReadsAsItWasWritten() throws {
        var model = applied([tea, rice])
        model.observed.files.append(ServerFile(id: "file-old", name: "old.0123456789ab-01234567.md", bytes: nil))
        let changed = store([wantedFile("tea.md", "green tea", ["lang": "en"])], days: 9)
        var plan = Plan(owner: "p/e", environment: "e", changes: [], unownedCount: 0, notes: [])
        plan.knowledge = model.plan([changed, store([rice], key: "new")], codeFiles: [rice])
        let digests = Digests(hash: testHash)
        let read = try PlanDocument.plan(PlanDocument.json(plan, digests: digests), digests: digests)
        #expect(read == plan)
    }
}
