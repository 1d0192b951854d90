import JSONModel
import Planning
import States
import TestSupport
import Testing

struct PlanDocumentTests {
    private let digests = Digests(hash: testHash)

    private func samplePlan(secret: Bool = false) -> Plan {
        let planner = Planner(hash: testHash)
        var server = ModelServer()
        let old = [
            DesiredAssistant(key: "a", fields: [.model: "m", .name: "old", .metadata: ["k": "v"]]),
            DesiredAssistant(key: "gone", fields: [.model: "m"], preventDestroy: true),
        ]
        server.apply(
            planner.plan(desired: DesiredState(owner: "p/e", assistants: old), observed: server.state, environment: "e")
        )
        let new = [
            DesiredAssistant(
                key: "a", fields: [.model: "m", .name: "hidden-word", .metadata: ["k": "hidden-word"]],
                secretFields: secret ? [.name, .metadata] : []),
            DesiredAssistant(key: "b", fields: [.model: "m", .temperature: 0.5]),
        ]
        return planner.plan(
            desired: DesiredState(owner: "p/e", assistants: new), observed: server.state, environment: "e")
    }

    /// A server that gives no file back says so otherwise each time; the plan is the same.
    @Test func howAServerRefusesAFileIsNoPartOfTheDigest() {
        let plan = Plan(owner: "p/e", environment: "e", changes: [], ownedCount: 0, unownedCount: 0, notes: [])
        var refused = plan
        refused.notes = [PlanNote(.unseenText, key: nil, "refused (request req_1)")]
        #expect(PlanDocument.digest(plan, digests: digests) == PlanDocument.digest(refused, digests: digests))
    }

    /// A review covers where it is applied and what is sent along; a change of it is another plan.
    @Test func whereAPlanIsAppliedIsPartOfWhatWasApproved() {
        var plan = samplePlan()
        plan.target = PlanTarget(address: "https://a.example/v1", headers: ["x-team", "?api-version"])
        var others = [plan, plan, plan, plan, plan, plan]
        others[1].target = PlanTarget(address: "https://b.example/v1", headers: ["x-team", "?api-version"])
        others[2].target = PlanTarget(address: "https://a.example/v1", headers: ["x-team", "?api-version", "x-more"])
        others[3].target = PlanTarget(address: "https://a.example/v1", headers: ["x-team"])
        others[4].environment = "other"
        others[5].owner = "q/e"
        #expect(Set(others.map { PlanDocument.digest($0, digests: digests) }).count == others.count)
    }

    @Test func aSavedPlanIsReadAsItWas() throws {
        let plan = samplePlan()
        let text = PlanDocument.json(plan, digests: digests).text(.pretty)
        #expect(try PlanDocument.plan(JSONValue(parsing: text), digests: digests) == plan)
    }

    @Test func equalPlansHaveEqualBytes() {
        #expect(
            PlanDocument.json(samplePlan(), digests: digests).text()
                == PlanDocument.json(samplePlan(), digests: digests).text())
    }

    @Test func anEditedFileIsRefused() throws {
        let text = PlanDocument.json(samplePlan(), digests: digests).text().replacing("hidden-word", with: "other")
        #expect(throws: PlanDocument.Problem.digestMismatch) {
            try PlanDocument.plan(JSONValue(parsing: text), digests: digests)
        }
    }

    @Test func aNewerFormatIsRefused() {
        var json = PlanDocument.json(samplePlan(), digests: digests).object
        json?["format_version"] = "2.0"
        #expect(throws: PlanDocument.Problem.newerFormat("2.0")) {
            try PlanDocument.plan(.object(json ?? [:]), digests: digests)
        }
    }

    @Test(arguments: ["{}", "[]", "null", "{\"format_version\":\"1.0\"}"])
    func otherFilesAreNoPlans(_ text: String) {
        #expect(throws: PlanDocument.Problem.notAPlan) {
            try PlanDocument.plan(JSONValue(parsing: text), digests: digests)
        }
    }

    @Test func secretsAreNotInTheFile() {
        #expect(!PlanDocument.json(samplePlan(secret: true), digests: digests).text().contains("hidden-word"))
        #expect(PlanDocument.json(samplePlan(), digests: digests).text().contains("hidden-word"))
    }

    @Test func secretsAreTakenFromTodaysSpecsIfTheyAreThePlannedOnes() throws {
        let saved = try PlanDocument.plan(
            PlanDocument.json(samplePlan(secret: true), digests: digests), digests: digests)
        let change = try #require(saved.changes.first { $0.key == "a" })
        #expect(change.write?.fields[.name] == nil)
        let spec = DesiredAssistant(
            key: "a", fields: [.model: "m", .name: "hidden-word", .metadata: ["k": "hidden-word"]])
        let completed = change.completed(from: spec, digests: digests)
        #expect(completed?.write?.fields[.name] == "hidden-word")
        #expect(completed?.write?.metadata == ["k": "hidden-word"])
        let other = DesiredAssistant(
            key: "a", fields: [.model: "m", .name: "changed", .metadata: ["k": "hidden-word"]])
        #expect(change.completed(from: other, digests: digests) == nil)
    }
}

struct ApplyGuardTests {
    private func plan(deletes: Int, of owned: Int, protected: Bool = false, drift: Bool = false) -> Plan {
        let changes = (0..<owned).map { number in
            AssistantChange(
                key: "a\(number)", action: number < deletes ? .delete : .none, id: "\(number)",
                reason: number < deletes ? .notInProject : nil,
                fields: drift && number == owned - 1
                    ? [FieldChange(field: .name, before: "a", after: "b", cause: .drift)] : [],
                unchangedFields: 0, isProtected: protected)
        }
        return Plan(owner: "p/e", environment: "e", changes: changes, unownedCount: 0, notes: [])
    }

    private func refusals(_ plan: Plan, allow: Bool = false, overwrite: Bool = false, unattended: Bool = false) -> Int {
        ApplyGuard(
            maxDeletes: 3, allowsDeletes: allow, overwritesDrift: overwrite, approval: unattended ? .unattended : .asked
        )
        .refusals(of: plan).count
    }

    @Test func aFewDeletionsNeedAPerson() {
        #expect(refusals(plan(deletes: 1, of: 5)) == 0)
        #expect(refusals(plan(deletes: 1, of: 5), unattended: true) == 1)
        #expect(refusals(plan(deletes: 1, of: 5), allow: true, unattended: true) == 0)
    }

    @Test func manyDeletionsNeedTheFlag() {
        #expect(refusals(plan(deletes: 4, of: 40)) == 1)
        #expect(refusals(plan(deletes: 4, of: 40), allow: true) == 0)
    }

    @Test func aThirdOfTenIsTooMany() {
        #expect(refusals(plan(deletes: 3, of: 10)) == 0)
        #expect(refusals(plan(deletes: 3, of: 9)) == 0)
        let generous = ApplyGuard(maxDeletes: 100, allowsDeletes: false, overwritesDrift: false, approval: .asked)
        #expect(generous.refusals(of: plan(deletes: 4, of: 10)).count == 1)
        #expect(generous.refusals(of: plan(deletes: 4, of: 9)).count == 0)
    }

    @Test func deletingAllIsNeverQuiet() {
        #expect(refusals(plan(deletes: 2, of: 2)) == 1)
    }

    @Test func aProtectedAssistantStandsInTheWay() {
        #expect(refusals(plan(deletes: 1, of: 5, protected: true)) == 1)
        #expect(refusals(plan(deletes: 1, of: 5, protected: true), allow: true) == 0)
    }

    @Test func driftIsNotOverwrittenUnattended() {
        #expect(refusals(plan(deletes: 0, of: 2, drift: true)) == 0)
        #expect(refusals(plan(deletes: 0, of: 2, drift: true), unattended: true) == 1)
        #expect(refusals(plan(deletes: 0, of: 2, drift: true), overwrite: true, unattended: true) == 0)
    }

    @Test func whatIsDestroyedCountsWhateverTheReason() {
        func change(_ number: Int, _ action: AssistantChange.Action, _ reason: AssistantChange.Reason?)
            -> AssistantChange
        {
            AssistantChange(
                key: "a\(number)", action: action, id: "\(number)", reason: reason, fields: [], isProtected: false)
        }
        func refusals(_ changes: [AssistantChange], owned: Int) -> [String] {
            ApplyGuard(maxDeletes: 3, allowsDeletes: false, overwritesDrift: false, approval: .reviewed).refusals(
                of: Plan(
                    owner: "p/e", environment: "e", changes: changes, ownedCount: owned, unownedCount: 0, notes: []))
        }
        let twin = change(9, .delete, .duplicate(of: "1"))
        let replaced = change(8, .replace, nil)
        let orphans = (0..<2).map { change($0, .delete, .notInProject) }
        // Neither a twin nor a replacement hides that nothing of the project stays as it is.
        #expect(refusals(orphans + [twin], owned: 3).first?.contains("all 3") == true)
        #expect(refusals(orphans + [replaced], owned: 3).first?.contains("all 3") == true)
        #expect(refusals(orphans + [twin, replaced], owned: 20).first?.contains("max_deletes is 3") == true)
    }

    /// Marks can be copied and ages forged, so no flag decides between two twins unseen.
    @Test func ofTwinsNoneIsDeletedUnseen() {
        func refusals(_ approval: ApplyGuard.Approval, alsoTheOther: Bool = false) -> [String] {
            var changes = [
                AssistantChange(
                    key: "a", action: .delete, id: "asst_ours", reason: .duplicate(of: "asst_theirs"), fields: [],
                    isProtected: false)
            ]
            if alsoTheOther {
                changes.append(
                    AssistantChange(
                        key: "a", action: .delete, id: "asst_theirs", reason: .notInProject, fields: [],
                        isProtected: false))
            }
            return ApplyGuard(maxDeletes: 3, allowsDeletes: true, overwritesDrift: true, approval: approval).refusals(
                of: Plan(owner: "p/e", environment: "e", changes: changes, ownedCount: 9, unownedCount: 0, notes: []))
        }
        #expect(refusals(.unattended).count == 1)
        #expect(refusals(.unattended).first?.contains("asst_ours") == true)
        #expect(refusals(.unattended).first?.contains("asst_theirs") == true)
        #expect(refusals(.asked).isEmpty && refusals(.reviewed).isEmpty)
        // Nothing is to be decided where both go.
        #expect(refusals(.unattended, alsoTheOther: true).isEmpty)
    }

    @Test func aTargetOfTwoIsNotAll() {
        var plan = plan(deletes: 2, of: 6)
        plan.changes.removeAll { $0.action == .none }
        #expect(refusals(plan) == 0)
    }

    @Test func whatMayHaveBeenEditedIsNotOverwrittenUnattended() {
        let change = AssistantChange(
            key: "a", action: .update, id: "1",
            fields: [FieldChange(field: .name, before: "a", after: "b", cause: .unknown)], isProtected: false)
        let plan = Plan(owner: "p/e", environment: "e", changes: [change], unownedCount: 0, notes: [])
        #expect(refusals(plan, unattended: true) == 1)
        #expect(refusals(plan) == 0)
    }
}
