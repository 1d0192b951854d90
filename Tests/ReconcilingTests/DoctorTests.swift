import AssistantsClient
import Foundation
import JSONModel
import Reconciling
import Reporting
import Reports
import States
import Testing

/// What `muster doctor` finds out about servers that lack something, and that it leaves nothing behind.
struct DoctorTests {
    private func examine(_ faults: [String], traits: ServerTraits = ServerTraits(), bothEnds: Bool = false)
        async throws -> (report: DoctorReport, left: Int)
    {
        var result: (DoctorReport, Int)?
        try await Bench.with(faults: faults) { bench in
            _ = try await bench.client.createAssistant(["model": "m", "name": "somebody's"])
            let report = await doctor(bench).examine(traits, walk: bothEnds ? .bothEnds : .ascending)
            // A list that the server refuses tells nothing of what is left.
            let left = try? await bench.everything().count
            result = (report, (left ?? 1) - 1)
        }
        return try #require(result)
    }

    private func verdict(_ report: DoctorReport, _ subject: String) -> DoctorReport.Verdict? {
        report.checks.first { $0.subject == subject }?.verdict
    }

    @Test func aWholeServerNeedsNoSettings() async throws {
        let (report, left) = try await examine([])
        #expect(report.isUsable && report.settings == [] && report.leftovers == [])
        #expect(report.checks.allSatisfy { $0.verdict == .works }, "\(report.checks)")
        #expect(left == 0)
    }

    @Test(arguments: [
        ("missing=405,method=POST,path=/assistants/*", "update", "missing_operations: [update]"),
        ("missing=404,method=GET,path=/assistants", "list", "missing_operations: [list]"),
        ("missing=405,method=DELETE,path=/assistants/*", "delete", "missing_operations: [delete]"),
    ])
    func whatIsMissingIsFoundAndSaid(_ fault: String, _ subject: String, _ setting: String) async throws {
        let (report, _) = try await examine([fault])
        #expect(verdict(report, subject) == .missing)
        #expect(report.settings.contains(setting), "\(report.settings)")
        #expect(!report.isUsable)
    }

    @Test func whatTheSettingsSayAlreadyIsFine() async throws {
        let (report, left) = try await examine(
            ["missing=405,method=POST,path=/assistants/*"], traits: ServerTraits(missing: [.update]))
        #expect(report.isUsable)
        #expect(left == 0)
    }

    @Test func aServerThatForgetsMetadataNeedsAFile() async throws {
        let (report, left) = try await examine(["metadata=dropped"])
        #expect(verdict(report, "metadata") == .missing)
        #expect(report.settings == ["identity: file"])
        #expect(left == 0)
    }

    @Test func withoutDeletionOneIsLeftAndNamed() async throws {
        let (report, left) = try await examine(["missing=405,method=DELETE,path=/assistants/*"])
        #expect(report.leftovers.count == 1)
        #expect(left == 1)
    }

    @Test func whatIsRewrittenAndDroppedIsNamed() async throws {
        let (report, _) = try await examine(["texts=trimmed", "drop-fields=temperature"])
        #expect(report.checks.contains { $0.subject == "echo" && $0.detail.contains("instructions") })
        #expect(report.checks.contains { $0.subject == "fields" && $0.detail.contains("temperature") })
        #expect(report.isUsable)
    }

    @Test func aListThatLosesItemsFromTheNewestOnIsReadFromTheOldest() async throws {
        let (report, _) = try await examine(["list-order=lossy"], bothEnds: true)
        #expect(verdict(report, "pages") == .limited)
        #expect(report.settings == ["paging: oldest_first"])
    }

    @Test(arguments: ["error=401", "error=500:html"])
    func aServerThatCannotBeTalkedToIsAFailedCheck(_ fault: String) async throws {
        var configuration = [fault]
        if fault.hasPrefix("error=5") { configuration = ["error=501:html"] }
        let (report, _) = try await examine(configuration.map { "\($0),method=GET" })
        #expect(report.checks.map(\.verdict).contains(.failed) || report.settings.contains("identity: file"))
        #expect(!report.isUsable)
    }

    @Test func leftoversOfAKilledExaminationAreSwept() async throws {
        try await Bench.with { bench in
            let left = try await bench.client.createAssistant(["model": "m"])["id"]?.string ?? ""
            // What a project of that name owns is not the doctor's to delete.
            _ = try await bench.client.createAssistant([
                "model": "m", "name": "theirs",
                "metadata": [
                    "muster.project": "muster-doctor/e", "muster.assistant": "throw-away-1", "muster.applied": "1;-;",
                ],
            ])
            try Data("\(left)\n".utf8).write(to: leftovers(bench))
            _ = await doctor(bench).examine(ServerTraits(), walk: .ascending)
            #expect(try await bench.everything().map { $0["name"] } == ["theirs"])
        }
    }

    @Test func anErrorAfterADeletionIsNotTakenForSuccess() async throws {
        let (report, _) = try await examine(["error=500,method=GET,path=/assistants/*"])
        #expect(verdict(report, "delete") == .unknown)
        #expect(!report.isUsable)
    }

    private func doctor(_ bench: Bench) -> Doctor {
        Doctor(client: bench.client, model: "m", leftovers: DoctorLeftovers(file: leftovers(bench)))
    }

    private func leftovers(_ bench: Bench) -> URL {
        bench.folder.appending(path: "doctor.txt")
    }
}

/// What `muster doctor` says of what is deployed, and of models.
struct ReadinessTests {
    private func doctor(_ bench: Bench) -> Doctor {
        Doctor(client: bench.client, model: "m", leftovers: DoctorLeftovers(file: nil))
    }

    private func readiness(_ fields: [AssistantField: JSONValue], _ bench: Bench) async throws -> [DoctorReport.Check] {
        let desired = bench.bots(1, fields)
        try await bench.apply(desired)
        return await doctor(bench).readiness(
            of: DesiredState(owner: bench.owner, assistants: desired), try await bench.observe())
    }

    @Test func whatIsNotDeployedIsSaid() async throws {
        try await Bench.with { bench in
            let desired = DesiredState(owner: bench.owner, assistants: bench.bots(1))
            let checks = await doctor(bench).readiness(of: desired, try await bench.observe())
            #expect(checks == [DoctorReport.Check("bot-1", .missing, "not deployed")])
        }
    }

    @Test func whoAnswersAFunctionIsNotKnownHere() async throws {
        try await Bench.with { bench in
            let tool: JSONValue = ["type": "function", "function": ["name": "SEARCH"]]
            let checks = try await readiness([.tools: [tool]], bench)
            #expect(checks.map(\.verdict) == [.unknown])
        }
    }

    @Test func aVectorStoreThatIsGoneOrEmptyIsAFailure() async throws {
        try await Bench.with { bench in
            let id = try await bench.client.createVectorStore(["name": "s"])["id"]?.string ?? ""
            let resources: JSONValue = ["file_search": ["vector_store_ids": [.string(id)]]]
            let fields: [AssistantField: JSONValue] = [.tools: [["type": "file_search"]], .toolResources: resources]
            let empty = try await readiness(fields, bench)
            #expect(empty.map(\.verdict) == [.failed])
            #expect(empty.first?.detail == "\(id) holds no files")
            try await bench.client.deleteVectorStore(id)
            let gone = try await readiness(fields, bench)
            #expect(gone.first?.detail == "\(id) is gone")
        }
    }

    @Test func aModelIsAskedToAnswerToCallAndToLook() async throws {
        try await Bench.with { bench in
            let checks = await doctor(bench).runs(of: ["m"])
            #expect(checks.map(\.subject) == ["m: a run", "m: functions", "m: pictures"])
            #expect(checks.allSatisfy { $0.verdict == .works }, "\(checks)")
            let left = try await bench.everything()
            #expect(left.isEmpty)
        }
    }

    @Test func aModelThatDoesNotAnswerIsAFailure() async throws {
        try await Bench.with(faults: ["run-status=failed"]) { bench in
            let checks = await doctor(bench).runs(of: ["m"])
            #expect(checks.map(\.verdict) == [.failed])
            let left = try await bench.everything()
            #expect(left.isEmpty)
        }
    }

    @Test func aReadOnlyServerIsUsableWithTheSettingsThatFit() async throws {
        try await Bench.with(faults: ["error=403,method=POST,path=/assistants*"]) { bench in
            let first = await doctor(bench).examine(ServerTraits(), walk: .ascending)
            #expect(first.settings == ["identity: file", "missing_operations: [update, delete]"])
            let fitting = ServerTraits(identity: .file, missing: [.update, .delete])
            let again = await doctor(bench).examine(fitting, walk: .ascending)
            #expect(again.isUsable, "\(again)")
            #expect(again.checks.first { $0.subject == "create" }?.verdict == .missing)
        }
    }
}
