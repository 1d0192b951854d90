import AssistantsClient
import JSONModel
import Planning
package import Reports
package import States

extension Doctor {
    /// Looks at what is deployed, without changing anything: whether what the assistants need is there.
    ///
    /// - Parameters:
    ///   - desired: what should be deployed.
    ///   - observed: what is.
    /// - Returns: one check or more for each assistant.
    package func readiness(
        of desired: DesiredState, _ observed: ObservedState
    ) async -> [DoctorReport.Check] {
        let deployed = observed.oldestByKey
        var checks: [DoctorReport.Check] = []
        for assistant in desired.assistants {
            guard let there = deployed[assistant.key] else {
                checks.append(DoctorReport.Check("\(assistant.key)", .missing, "not deployed"))
                continue
            }
            let parts = functions(of: there) + (await stores(of: there))
            checks += parts.isEmpty ? [DoctorReport.Check("\(assistant.key)", .works, "deployed")] : parts
        }
        return checks
    }

    /// Who answers a function is known to the program that holds the conversation, and to nobody here.
    private func functions(of assistant: OwnedAssistant) -> [DoctorReport.Check] {
        let names = (assistant.fields[.tools]?.array ?? []).compactMap { $0["function"]?["name"]?.string }
        guard !names.isEmpty else { return [] }
        let who = client.dialect.hasPlugins ? "a plugin of the platform, or a program of yours" : "a program of yours"
        return [
            DoctorReport.Check(
                "\(assistant.key): functions", .unknown,
                "who answers \(names.joined(separator: ", ")) cannot be seen from here: \(who)")
        ]
    }

    private func stores(of assistant: OwnedAssistant) async -> [DoctorReport.Check] {
        let ids = assistant.fields[.toolResources]?["file_search"]?["vector_store_ids"]?.array ?? []
        var checks: [DoctorReport.Check] = []
        for id in ids.compactMap(\.string) {
            checks.append(await store(id, subject: "\(assistant.key): vector store"))
        }
        return checks
    }

    private func store(_ id: String, subject: String) async -> DoctorReport.Check {
        do {
            let counts = try await client.vectorStore(id)["file_counts"]
            guard let done = counts?["completed"]?.int, let all = counts?["total"]?.int else {
                return DoctorReport.Check(subject, .unknown, "the server does not say how many files \(id) holds")
            }
            let failed = counts?["failed"]?.int ?? 0
            if failed > 0 { return DoctorReport.Check(subject, .failed, "\(failed) of \(all) files of \(id) failed") }
            if all == 0 { return DoctorReport.Check(subject, .failed, "\(id) holds no files") }
            return DoctorReport.Check(
                subject, done == all ? .works : .limited, "\(done) of \(all) files of \(id) can be searched")
        } catch {
            if case .notFound = error.kind { return DoctorReport.Check(subject, .failed, "\(id) is gone") }
            return DoctorReport.Check(subject, .unknown, "\(error)")
        }
    }

    /// Asks each model, with a throw-away assistant.
    ///
    /// - Parameter models: those of the specs.
    /// - Returns: up to three checks for each.
    package func runs(of models: [String]) async -> [DoctorReport.Check] {
        var checks: [DoctorReport.Check] = []
        for model in models {
            do {
                let probe = AssistantWrite(
                    fields: [
                        .name: "muster doctor", .model: .string(model), .instructions: "Answer in one word.",
                        .tools: [
                            ["type": "function", "function": ["name": "PROBE", "description": "Called on demand."]]
                        ],
                    ], metadata: [:],
                    marks: Marks(owner: .doctor, key: .throwAway(0), isProtected: false, applied: [:]))
                let echo = try await client.createAssistant(probe.body)
                guard let id = echo["id"]?.string.flatMap(AssistantID.init) else { continue }
                leftovers.remember(id)
                checks += await RunProbe(client: client, model: model, assistant: id).checks()
                if await !remove(id) {
                    checks.append(DoctorReport.Check("\(model): clean-up", .limited, "\(id) could not be deleted"))
                }
            } catch {
                checks.append(DoctorReport.Check("\(model): a run", .failed, "\(error)"))
            }
        }
        return checks
    }
}
