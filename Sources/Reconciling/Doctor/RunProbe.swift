import AssistantsAPI
import AssistantsClient
import JSONModel
import Planning
import Reports
import States

/// Whether a model answers, calls functions and takes pictures: with a throw-away assistant and threads of its own.
struct RunProbe: Sendable {
    let client: AssistantsClient
    let model: String
    let assistant: AssistantID
    /// The most time that each run may take.
    static let patience = Duration.seconds(60)

    /// A white picture of one pixel (PNG).
    private static let picture =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAGz3lHAAAAABJRU5ErkJggg=="

    func checks() async -> [DoctorReport.Check] {
        let answers = await answers()
        // What does not answer at all tells nothing of the rest.
        guard answers.verdict == .works else { return [answers] }
        return [answers, await callsFunctions(), await takesPictures()]
    }

    private func answers() async -> DoctorReport.Check {
        await check("\(model): a run", .failed, [.text("Say that you are ready.")]) { run, thread in
            guard run.status == .completed else { return (.failed, Self.words(run)) }
            let messages = try await client.messages(thread: thread, runID: run.id)
            let isSilent = !messages.contains { $0.role == "assistant" && !$0.text.isEmpty }
            return isSilent ? (.failed, "it is completed, and nothing was said") : (.works, "")
        }
    }

    private func callsFunctions() async -> DoctorReport.Check {
        let forced: JSONObject = ["tool_choice": ["type": "function", "function": ["name": "PROBE"]]]
        return await check("\(model): functions", .limited, [.text("Call PROBE.")], forced) { run, thread in
            guard case .outputs(let calls)? = run.requiredAction, !calls.isEmpty else {
                return (.limited, "it was told to call a function, and \(Self.words(run))")
            }
            let outputs = calls.map { ToolOutput(callID: $0.id, output: "done") }
            let again = try await client.submit(.outputs(outputs), run: run.id, thread: thread)
            let ended = try await settled(again.id, thread)
            guard let ended, ended.status == .completed else {
                return (.limited, "after its call was answered, \(ended.map(Self.words) ?? "it did not end in time")")
            }
            return (.works, "")
        }
    }

    private func takesPictures() async -> DoctorReport.Check {
        let parts: [MessageInputPart] = [.text("What is this?"), .imageURL(Self.picture)]
        return await check("\(model): pictures", .limited, parts) { run, _ in
            run.status == .completed ? (.works, "") : (.limited, "not taken: \(Self.words(run))")
        }
    }

    /// One question on a thread that is deleted afterwards.
    private func check(
        _ subject: String, _ failure: DoctorReport.Verdict, _ parts: [MessageInputPart], _ options: JSONObject = [:],
        _ judge: (Run, String) async throws -> (DoctorReport.Verdict, String)
    ) async -> DoctorReport.Check {
        do {
            let thread = try await client.createThread(messages: [MessageRequest(parts: parts)])
            let verdict: (DoctorReport.Verdict, String)
            do {
                let run = try await client.createRun(
                    RunRequest(assistantID: assistant.text, options: options), thread: thread)
                if let settled = try await settled(run.id, thread) {
                    verdict = try await judge(settled, thread)
                } else {
                    verdict = (failure, "it did not end within \(Self.patience.components.seconds) s")
                }
            } catch {
                verdict = (failure, "\(error)")
            }
            // A thread that stays is said under "threads".
            try? await client.deleteThread(thread)
            return DoctorReport.Check(subject, verdict.0, verdict.1)
        } catch {
            return DoctorReport.Check(subject, failure, "\(error)")
        }
    }

    /// The run where it stops; nil when its time is up, and then it is cancelled.
    private func settled(_ run: String, _ thread: String) async throws -> Run? {
        if case .settled(let run) = try await client.waitForRun(run, thread: thread, timeout: Self.patience) {
            return run
        }
        _ = try? await client.cancelRun(run, thread: thread)  // its thread is deleted next
        return nil
    }

    private static func words(_ run: Run) -> String {
        let reason = run.failure.map { "\($0.code): \($0.message)" } ?? run.incompleteReason
        return "it is \(run.status.word)" + (reason.map { " (\($0))" } ?? "")
    }
}
