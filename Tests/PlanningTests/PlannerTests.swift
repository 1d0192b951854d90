import JSONModel
import Planning
import States
import TestSupport
import Testing

/// A hash good enough for tests: different texts, different digests (FNV-1a, 64 bits).
let testHash: ContentHash = { bytes in
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + String(digits.reversed())
}

/// A server in memory that does what it is told, for planning again after an apply.
struct ModelServer {
    var assistants: [OwnedAssistant] = []
    private var nextID = 1

    mutating func apply(_ plan: Plan, rewrite: (AssistantField, JSONValue) -> JSONValue = { $1 }) {
        for change in plan.changes {
            switch change.action {
            case .none: continue
            case .delete: assistants.removeAll { $0.id == change.id }
            case .create, .update, .replace:
                guard let write = change.write else { continue }
                let old = change.action == .replace ? nil : assistants.first { $0.id == change.id }
                var fields = old?.fields ?? Self.defaults
                for (field, value) in write.fields { fields[field] = rewrite(field, value) }
                fields[.metadata] = .object(write.metadata)
                fields[.reasoningEffort] = nil
                let id: AssistantID = old?.id ?? "asst_\(nextID)"
                nextID += 1
                assistants.removeAll { $0.id == change.id }
                assistants.append(
                    OwnedAssistant(id: id, marks: write.marks, createdAt: Double(nextID), fields: fields))
            }
        }
    }

    static let defaults = Dictionary(
        uniqueKeysWithValues: AssistantField.allCases.filter(\.isEchoed).map { ($0, $0.defaultValue) })

    var state: ObservedState { ObservedState(owned: assistants) }
}

struct PlannerTests {
    private let planner = Planner(hash: testHash)

    private func plan(_ assistants: [DesiredAssistant], _ server: ModelServer) -> Plan {
        planner.plan(
            desired: DesiredState(owner: "p/e", assistants: assistants), observed: server.state, environment: "e")
    }

    private func bot(_ fields: [AssistantField: JSONValue] = [:], protected: Bool = false) -> DesiredAssistant {
        DesiredAssistant(key: "bot", fields: fields.merging([.model: "m"]) { a, _ in a }, preventDestroy: protected)
    }

    private func edited(_ server: ModelServer, _ field: AssistantField, _ value: JSONValue) -> ModelServer {
        var server = server
        server.assistants = server.assistants.map { old in
            OwnedAssistant(
                id: old.id, marks: old.marks, createdAt: old.createdAt,
                fields: old.fields.merging([field: value]) { $1 })
        }
        return server
    }

    private func applied(_ desired: DesiredAssistant) -> ModelServer {
        var server = ModelServer()
        server.apply(plan([desired], server))
        return server
    }

    @Test func whatIsMissingIsCreatedWithMarks() throws {
        let plan = plan([bot()], ModelServer())
        let change = try #require(plan.changes.first)
        #expect(change.action == .create)
        let metadata = try #require(change.write?.body["metadata"]?.object)
        #expect(metadata["muster.project"] == "p/e")
        #expect(metadata["muster.assistant"] == "bot")
    }

    @Test func afterAnApplyThereAreNoChanges() {
        let desired = bot([
            .name: "Bot", .temperature: 0.3, .tools: [["type": "code_interpreter"]], .reasoningEffort: "high",
        ])
        #expect(plan([desired], applied(desired)).isEmpty)
    }

    @Test func anEditOfTheSpecIsAChange() {
        let plan = plan([bot([.name: "new"])], applied(bot([.name: "old"])))
        #expect(plan.changes.first?.fields.map(\.cause) == [.change])
        #expect(plan.changes.first?.fields.first?.before == "old")
        #expect(plan.changes.first?.fields.first?.after == "new")
    }

    @Test func anEditOfTheServerIsDrift() {
        let desired = bot([.name: "old"])
        let plan = plan([desired], edited(applied(desired), .name, "theirs"))
        #expect(plan.changes.first?.fields.map(\.cause) == [.drift])
    }

    @Test func editsOfBothAreAConflict() {
        let plan = plan([bot([.name: "new"])], edited(applied(bot([.name: "old"])), .name, "theirs"))
        #expect(plan.changes.first?.fields.map(\.cause) == [.conflict])
    }

    @Test func equalEditsOfBothAreNothing() {
        let plan = plan([bot([.name: "same"])], edited(applied(bot([.name: "old"])), .name, "same"))
        #expect(plan.isEmpty)
    }

    @Test func aFieldThatLeftItsSpecIsResetToTheDefault() throws {
        let plan = plan([bot()], applied(bot([.temperature: 0.2])))
        let change = try #require(plan.changes.first)
        #expect(change.fields.map(\.field) == [.temperature])
        #expect(change.write?.body["temperature"] == 1)
    }

    @Test func aValueOnTheServerThatNoSpecMentionsIsDrift() {
        let plan = plan([bot()], edited(applied(bot()), .topP, 0.5))
        #expect(plan.changes.first?.fields.map(\.cause) == [.drift])
    }

    @Test func aServersRewritingSettles() {
        var server = ModelServer()
        let desired = bot([.instructions: "text\n"])
        server.apply(plan([desired], server)) { field, value in field == .instructions ? "text" : value }
        #expect(!plan([desired], server).isEmpty)
        let digests = Digests(hash: testHash)
        server.assistants = server.assistants.map { old in
            var marks = old.marks
            marks.applied?[.instructions]?.echo = digests.field(.instructions, "text")
            return OwnedAssistant(id: old.id, marks: marks, createdAt: old.createdAt, fields: old.fields)
        }
        #expect(plan([desired], server).isEmpty)
        #expect(plan([desired], edited(server, .instructions, "other")).changes.first?.fields.map(\.cause) == [.drift])
    }

    @Test func aFieldThatTheServerDropsIsToldOnceAndNeverDrift() {
        let desired = bot([.temperature: 0.2])
        var server = applied(desired)
        server.assistants = server.assistants.map { old in
            OwnedAssistant(
                id: old.id, marks: old.marks, createdAt: old.createdAt,
                fields: old.fields.filter { $0.key != .temperature })
        }
        let plan = plan([desired], server)
        #expect(plan.isEmpty)
        #expect(plan.notes.map(\.kind) == [.unsupportedField])
    }

    @Test func whatHasNoSpecIsDeleted() {
        let plan = plan([], applied(bot(protected: true)))
        #expect(plan.changes.map(\.action) == [.delete])
        #expect(plan.changes.first?.isProtected == true)
        #expect(plan.changes.first?.reason == .notInProject)
    }

    @Test func ofTwinsTheYoungerIsDeleted() throws {
        var server = applied(bot())
        let old = try #require(server.assistants.first)
        server.assistants.append(
            OwnedAssistant(id: "asst_young", marks: old.marks, createdAt: old.createdAt + 5, fields: old.fields))
        let plan = plan([bot()], server)
        #expect(plan.changes.filter { $0.action == .delete }.map(\.id) == ["asst_young"])
        #expect(plan.changes.first { $0.action == .delete }?.reason == .duplicate(of: old.id))
        #expect(plan.notes.map(\.kind) == [.twins])
        #expect(plan.notes.first?.message.contains("asst_young") == true)
    }

    /// A twin that a newer Muster wrote must not make the readable one an orphan.
    @Test func whoeverHasANewerTwinIsLeftAlone() throws {
        var server = applied(bot())
        let old = try #require(server.assistants.first)
        let newer = Marks(owner: "p/e", key: "bot", applied: "2;-;x")
        server.assistants.append(OwnedAssistant(id: "asst_new", marks: newer, createdAt: 9, fields: old.fields))
        let plan = plan([bot([.name: "changed"])], server)
        #expect(plan.changes.isEmpty)
        #expect(plan.notes.map(\.kind) == [.newerMarks, .newerMarks])
    }

    @Test func withoutTheAppliedMarkNobodyIsKnownToHaveMoved() throws {
        var server = applied(bot([.name: "old"]))
        server.assistants = server.assistants.map { old in
            let marks = Marks(owner: "p/e", key: "bot", isProtected: false, applied: nil)
            return OwnedAssistant(id: old.id, marks: marks, createdAt: old.createdAt, fields: old.fields)
        }
        let change = try #require(plan([bot([.name: "new"])], server).changes.first)
        #expect(change.fields.map(\.cause) == [.unknown])
        #expect(change.overwritesDrift)
    }

    @Test func aValueThatBecomesSecretReachesTheMarks() throws {
        var server = applied(bot([.description: "s3cret"]))
        var secret = bot([.description: "s3cret"])
        secret.secretFields = [.description]
        let plan = plan([secret], server)
        #expect(plan.changes.first?.action == .update)
        #expect(plan.changes.first?.secrecy == .init(before: [], after: [.description]))
        server.apply(plan)
        #expect(self.plan([secret], server).isEmpty)
        // Its spec gone, it stays hidden.
        #expect(self.plan([], server).changes.first?.secretFields.contains(.description) == true)
    }

    @Test func aComposedLetterIsNotADecomposedOne() {
        let server = applied(bot([.name: "Caf\u{E9}"]))
        #expect(plan([bot([.name: "Cafe\u{301}"])], server).changes.first?.fields.map(\.field) == [.name])
    }

    @Test func aRenamedSpecIsRecognised() {
        let text: JSONValue = "You are a helpful assistant for customers."
        let renamed = DesiredAssistant(key: "renamed", fields: [.model: "m", .instructions: text])
        let plan = plan([renamed], applied(bot([.instructions: text])))
        #expect(plan.notes.map(\.kind) == [.renamed])
    }

    @Test func aStrangersAssistantDoesNotChangeTheDigest() {
        let desired = DesiredState(owner: "p/e", assistants: [bot([.name: "Bot"])])
        let alone = planner.plan(desired: desired, observed: ObservedState(), environment: "e")
        let observed = ObservedState(unowned: [UnownedAssistant(id: "asst_x", name: "Bot")])
        let beside = planner.plan(desired: desired, observed: observed, environment: "e")
        let digests = Digests(hash: testHash)
        #expect(PlanDocument.digest(alone, digests: digests) == PlanDocument.digest(beside, digests: digests))
    }

    @Test func aMovedKeyKeepsTheAssistant() {
        let moved = DesiredAssistant(key: "new", fields: [.model: "m"], movedFrom: "bot")
        var server = applied(bot())
        let plan = plan([moved], server)
        #expect(plan.changes.map(\.action) == [.update])
        #expect(plan.changes.first?.reason == .moved(from: "bot"))
        server.apply(plan)
        #expect(server.assistants.map(\.key) == ["new"])
        #expect(self.plan([moved], server).isEmpty)
    }

    @Test func protectionTravelsInTheMarks() {
        var server = applied(bot())
        let plan = plan([bot(protected: true)], server)
        #expect(plan.changes.first?.protection?.after == true)
        server.apply(plan)
        #expect(server.assistants.first?.marks.isProtected == true)
    }

    @Test func ignoredFieldsAreSentOnceAndNeverCompared() {
        let desired = DesiredAssistant(
            key: "bot", fields: [.model: "m", .temperature: 0.2], ignoredFields: [.temperature])
        let server = applied(desired)
        #expect(server.assistants.first?.fields[.temperature] == 0.2)
        #expect(plan([desired], edited(server, .temperature, 1.5)).isEmpty)
    }

    @Test func toolsInAnotherOrderAreTheSame() {
        let tool = { (name: String) -> JSONValue in ["type": "function", "function": ["name": .string(name)]] }
        let desired = bot([.tools: [tool("A"), tool("B")]])
        #expect(plan([desired], edited(applied(desired), .tools, [tool("B"), tool("A")])).isEmpty)
    }

    @Test func additionsOfServersMeanNothing() {
        let desired = bot([.tools: [["type": "function", "function": ["name": "F"]]]])
        let echoed: JSONValue = [
            [
                "type": "function", "file_search": nil,
                "function": [
                    "name": "F", "strict": false, "description": nil,
                    "parameters": ["type": "object", "properties": [:]],
                ],
            ]
        ]
        #expect(plan([desired], edited(applied(desired), .tools, echoed)).isEmpty)
    }

    @Test func anUnownedAssistantOfTheNameIsMentionedOnly() {
        let observed = ObservedState(unowned: [.init(id: "asst_x", name: "Bot")])
        let desired = DesiredState(owner: "p/e", assistants: [bot([.name: "Bot"])])
        let plan = planner.plan(desired: desired, observed: observed, environment: "e")
        #expect(plan.changes.map(\.action) == [.create])
        #expect(plan.notes.map(\.kind) == [.adoptable])
    }

    @Test func equalInputGivesAnEqualPlanWhateverItsOrder() {
        let keys: [AssistantKey] = ["c", "a", "b"]
        let assistants = keys.map { DesiredAssistant(key: $0, fields: [.model: "m"]) }
        #expect(plan(assistants, ModelServer()) == plan(assistants.reversed(), ModelServer()))
        #expect(plan(assistants, ModelServer()).changes.map(\.key) == ["a", "b", "c"])
    }
}

struct MarksTests {
    @Test func marksSurviveTheMetadata() {
        var applied: [AssistantField: AppliedDigest] = [:]
        for field in AssistantField.allCases {
            applied[field] = AppliedDigest(desired: "0123456789ab", echo: "ba9876543210")
        }
        let marks = Marks(owner: "p/e", key: "k", isProtected: true, applied: applied)
        #expect(Marks(metadata: marks.metadata) == marks)
        #expect(marks.metadata.count == Marks.pairCount)
        #expect(marks.metadata.allSatisfy { ($0.value.string?.utf8.count ?? 0) <= 512 })
    }

    @Test func marksOfALaterVersionKeepOwnerAndProtection() {
        let marks = Marks(metadata: ["muster.project": "p/e", "muster.assistant": "k", "muster.applied": "9;p;?"])
        #expect(marks?.applied == nil)
        #expect(marks?.isProtected == true)
    }

    @Test func everyFieldHasItsOwnLetter() {
        #expect(Set(AssistantField.allCases.map(\.markLetter)).count == AssistantField.allCases.count)
    }

    @Test(arguments: ["", ";;", "1;p", "1;p;n:", "1;p;:x,,n:a/b/c"])
    func damagedMarksAreSurvived(_ text: String) {
        #expect(
            Marks(metadata: ["muster.project": "p/e", "muster.assistant": "k", "muster.applied": .string(text)]) != nil)
    }

    /// A server's name that is no key is nobody's: never a path, a key or a match.
    @Test(arguments: [
        "../../gh/workflows/evil", "", ".hidden", "a/b", "a\u{0}b", "\u{202E}x", String(repeating: "x", count: 101),
    ])
    func aMarkThatCouldBeNoKeyIsNoMark(_ key: String) {
        #expect(Marks(metadata: ["muster.project": "p/e", "muster.assistant": .string(key)]) == nil)
        #expect(Marks(metadata: ["muster.project": .string("p/\(key)"), "muster.assistant": "k"]) == nil)
    }
}
