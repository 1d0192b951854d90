import JSONModel
import Planning
import States
import TestSupport
import Testing

/// The gate's table: what was planned × what was edited. The third dimension, when, is which of the assistants the gate is
/// shown: one edited before the plan (then the plan rests on the edit), between plan and write, or between the write and its
/// repetition.
struct WriteGateTests {
    private let owner: Owner = "p/e"
    private let gate = WriteGate(owner: "p/e", hash: testHash)
    private let digests = Digests(hash: testHash)
    private let planner = Planner(hash: testHash)

    /// What somebody, or another apply, has done to the assistant meanwhile.
    enum Edit: String, CaseIterable, Sendable {
        case nothing, fieldOfThePlan, otherField, toWhatIsWanted, metadata, marksTaken, marksOfAnother, otherKey
        case newerMarks, protection, deleted
    }

    enum Planned: String, CaseIterable, Sendable {
        case update, protectionOnly, secrecyOnly, drift, delete, restore, release, adopt
    }

    enum Expected: Sendable { case proceed, done, stale }

    struct Row: Sendable, CustomTestStringConvertible {
        let planned: Planned
        let edit: Edit
        let expected: Expected
        var testDescription: String { "\(planned.rawValue), \(edit.rawValue)" }

        init(_ planned: Planned, _ edit: Edit, _ expected: Expected) {
            (self.planned, self.edit, self.expected) = (planned, edit, expected)
        }
    }

    /// Every combination, written out.
    static let rows: [Row] = [
        Row(.update, .nothing, .proceed), Row(.update, .fieldOfThePlan, .stale), Row(.update, .otherField, .stale),
        // The value alone does not make it done: the marks still remember another one.
        Row(.update, .toWhatIsWanted, .stale), Row(.update, .metadata, .stale), Row(.update, .marksTaken, .stale),
        Row(.update, .marksOfAnother, .stale), Row(.update, .otherKey, .stale), Row(.update, .newerMarks, .stale),
        Row(.update, .protection, .stale), Row(.update, .deleted, .stale),

        Row(.protectionOnly, .nothing, .proceed), Row(.protectionOnly, .fieldOfThePlan, .stale),
        Row(.protectionOnly, .otherField, .stale), Row(.protectionOnly, .toWhatIsWanted, .stale),
        Row(.protectionOnly, .metadata, .stale), Row(.protectionOnly, .marksTaken, .stale),
        Row(.protectionOnly, .marksOfAnother, .stale), Row(.protectionOnly, .otherKey, .stale),
        Row(.protectionOnly, .newerMarks, .stale), Row(.protectionOnly, .protection, .done),
        Row(.protectionOnly, .deleted, .stale),

        Row(.secrecyOnly, .nothing, .proceed), Row(.secrecyOnly, .fieldOfThePlan, .stale),
        Row(.secrecyOnly, .otherField, .stale), Row(.secrecyOnly, .toWhatIsWanted, .stale),
        Row(.secrecyOnly, .metadata, .stale), Row(.secrecyOnly, .marksTaken, .stale),
        Row(.secrecyOnly, .marksOfAnother, .stale), Row(.secrecyOnly, .otherKey, .stale),
        Row(.secrecyOnly, .newerMarks, .stale), Row(.secrecyOnly, .protection, .stale),
        Row(.secrecyOnly, .deleted, .stale),

        // Planned to undo somebody's edit: edited again is stale, edited back is done.
        Row(.drift, .nothing, .proceed), Row(.drift, .fieldOfThePlan, .stale), Row(.drift, .otherField, .stale),
        Row(.drift, .toWhatIsWanted, .done), Row(.drift, .metadata, .stale), Row(.drift, .marksTaken, .stale),
        Row(.drift, .marksOfAnother, .stale), Row(.drift, .otherKey, .stale), Row(.drift, .newerMarks, .stale),
        Row(.drift, .protection, .stale), Row(.drift, .deleted, .stale),

        Row(.delete, .nothing, .proceed), Row(.delete, .fieldOfThePlan, .stale), Row(.delete, .otherField, .stale),
        Row(.delete, .toWhatIsWanted, .stale), Row(.delete, .metadata, .stale), Row(.delete, .marksTaken, .stale),
        Row(.delete, .marksOfAnother, .stale), Row(.delete, .otherKey, .stale), Row(.delete, .newerMarks, .stale),
        Row(.delete, .protection, .stale), Row(.delete, .deleted, .done),

        // A person names the entry to put back, whatever is there now, as long as it is ours.
        Row(.restore, .nothing, .proceed), Row(.restore, .fieldOfThePlan, .proceed),
        Row(.restore, .otherField, .proceed),
        Row(.restore, .toWhatIsWanted, .proceed), Row(.restore, .metadata, .proceed),
        Row(.restore, .marksTaken, .stale),
        Row(.restore, .marksOfAnother, .stale), Row(.restore, .otherKey, .stale), Row(.restore, .newerMarks, .stale),
        Row(.restore, .protection, .proceed), Row(.restore, .deleted, .proceed),

        Row(.release, .nothing, .proceed), Row(.release, .fieldOfThePlan, .proceed),
        Row(.release, .otherField, .proceed),
        Row(.release, .toWhatIsWanted, .proceed), Row(.release, .metadata, .proceed), Row(.release, .marksTaken, .done),
        Row(.release, .marksOfAnother, .stale), Row(.release, .otherKey, .stale), Row(.release, .newerMarks, .stale),
        Row(.release, .protection, .proceed), Row(.release, .deleted, .stale),

        Row(.adopt, .nothing, .done), Row(.adopt, .fieldOfThePlan, .done), Row(.adopt, .otherField, .done),
        Row(.adopt, .toWhatIsWanted, .done), Row(.adopt, .metadata, .done), Row(.adopt, .marksTaken, .proceed),
        Row(.adopt, .marksOfAnother, .stale), Row(.adopt, .otherKey, .stale), Row(.adopt, .newerMarks, .done),
        Row(.adopt, .protection, .done), Row(.adopt, .deleted, .stale),
    ]

    @Test func everyCombinationHasARow() {
        let all = Planned.allCases.flatMap { planned in Edit.allCases.map { "\(planned) \($0)" } }
        #expect(Self.rows.map { "\($0.planned) \($0.edit)" } == all)
    }

    @Test(arguments: rows)
    func theGateDecidesAsTheTableSays(_ row: Row) throws {
        let (server, write) = try planned(row.planned)
        let found: Expected =
            switch gate.decide(write, edited(server, row.edit)) {
            case .proceed: .proceed
            case .alreadyDone: .done
            case .stale: .stale
            }
        #expect(found == row.expected)
    }

    // MARK: The situations

    private let spec = DesiredAssistant(
        key: "bot", fields: [.model: "m", .name: "old", .metadata: ["a": "b"], .description: "d"])

    /// A server with one assistant of ours, and what a plan wants of it.
    private func planned(_ planned: Planned) throws -> (OwnedAssistant, WriteGate.Write) {
        var server = ModelServer()
        server.apply(plan([spec], server))
        var wanted = spec
        switch planned {
        case .update: wanted.fields[.name] = "new"
        case .protectionOnly: wanted.preventDestroy = true
        case .secrecyOnly: wanted.secretFields = [.description]
        case .drift: server.assistants[0] = with(server.assistants[0], .name, "somebody's")
        case .delete, .restore, .release, .adopt: break
        }
        let assistant = server.assistants[0]
        let write: WriteGate.Write
        switch planned {
        case .update, .protectionOnly, .secrecyOnly, .drift:
            let change = try #require(plan([wanted], server).changes.first)
            write = .update(try #require(change.write), from: change.basis, keys: change.presentKeys)
        case .delete:
            let change = try #require(plan([], server).changes.first)
            write = .delete(from: change.basis, keys: change.presentKeys)
        case .restore: write = .restore("bot")
        case .release: write = .release("bot")
        case .adopt: write = .adopt("bot")
        }
        return (assistant, write)
    }

    private func plan(_ assistants: [DesiredAssistant], _ server: ModelServer) -> Plan {
        planner.plan(
            desired: DesiredState(owner: owner, assistants: assistants), observed: server.state, environment: "e")
    }

    private func with(_ assistant: OwnedAssistant, _ field: AssistantField, _ value: JSONValue) -> OwnedAssistant {
        var fields = assistant.fields
        fields[field] = value
        return OwnedAssistant(id: assistant.id, marks: assistant.marks, createdAt: assistant.createdAt, fields: fields)
    }

    private func edited(_ assistant: OwnedAssistant, _ edit: Edit) -> WriteGate.Current {
        func marked(_ marks: Marks?) -> WriteGate.Current {
            .present(
                ObservedAssistant(
                    id: assistant.id, createdAt: assistant.createdAt, fields: assistant.fields, marks: marks))
        }
        var marks = assistant.marks
        switch edit {
        case .nothing: return .present(assistant.observed)
        case .fieldOfThePlan: return .present(with(assistant, .name, "edited").observed)
        case .otherField: return .present(with(assistant, .temperature, 0.1).observed)
        case .toWhatIsWanted:
            // Of the drift: back to what the spec says; else to what the update wants.
            let isDrifted = assistant.fields[.name] == "somebody's"
            return .present(with(assistant, .name, isDrifted ? "old" : "new").observed)
        case .metadata: return .present(with(assistant, .metadata, ["a": "b", "their": "pair"]).observed)
        case .marksTaken: return marked(nil)
        case .marksOfAnother: marks.owner = "other/e"
        case .otherKey: marks.key = "other"
        case .newerMarks: marks = Marks(owner: owner, key: "bot", applied: "2;-;whatever")
        case .protection: marks.isProtected = true
        case .deleted: return .absent
        }
        return marked(marks)
    }

    // MARK: Creations, and what servers rewrite

    @Test func aCreationGoesAheadOnlyWhereThereIsNone() throws {
        let write = try #require(plan([spec], ModelServer()).changes.first?.write)
        #expect(gate.decide(.create(write), .absent) == .proceed)
        var server = ModelServer()
        server.apply(plan([spec], server))
        #expect(gate.decide(.create(write), .present(server.assistants[0].observed)) == .alreadyDone)
        let edited = with(server.assistants[0], .name, "edited")
        #expect(gate.decide(.create(write), .present(edited.observed)) == .stale(.createdOtherwise))
    }

    /// The marks say that everything was applied, and an edit by hand does not change marks.
    @Test func marksAreNotBelievedAgainstWhatIsSeen() throws {
        var server = ModelServer()
        server.apply(plan([spec], server))
        server.assistants[0] = with(server.assistants[0], .name, "first edit")
        let change = try #require(plan([spec], server).changes.first)
        let again = with(server.assistants[0], .name, "second edit")
        let write = WriteGate.Write.update(try #require(change.write), from: change.basis, keys: change.presentKeys)
        #expect(gate.decide(write, .present(again.observed)) == .stale(.editedSince))
    }

    @Test func whatTheServerIsKnownToRewriteCountsAsDone() throws {
        var server = ModelServer()
        server.apply(plan([spec], server))
        var trimmed = with(server.assistants[0], .name, "OLD")
        var marks = trimmed.marks
        marks.applied?[.name]?.echo = digests.field(.name, "OLD")
        trimmed = OwnedAssistant(id: trimmed.id, marks: marks, createdAt: trimmed.createdAt, fields: trimmed.fields)
        let write = try #require(plan([spec], ModelServer()).changes.first?.write)
        #expect(gate.decide(.create(write), .present(trimmed.observed)) == .alreadyDone)
    }

    @Test func aMovedAssistantIsKnownByItsOldKey() throws {
        var server = ModelServer()
        server.apply(plan([spec], server))
        let moved = DesiredAssistant(key: "new-name", fields: spec.fields, movedFrom: "bot")
        let change = try #require(plan([moved], server).changes.first)
        let write = WriteGate.Write.update(try #require(change.write), from: change.basis, keys: change.presentKeys)
        #expect(gate.decide(write, .present(server.assistants[0].observed)) == .proceed)
    }
}
