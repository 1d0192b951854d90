import AssistantsAPI
import EmulatorCore
import Hummingbird
import JSONModel

/// Runs: create, read, submit, cancel. docs/protocol.md#runs and #streams.
struct RunRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.post("threads/runs", use: createWithThread)
        group.get("threads/:thread/runs", use: list)
        group.post("threads/:thread/runs", use: create)
        group.get("threads/:thread/runs/:run", use: read)
        group.post("threads/:thread/runs/:run", use: update)
        group.post("threads/:thread/runs/:run/submit_tool_outputs", use: submit)
        group.post("threads/:thread/runs/:run/cancel", use: cancel)
    }

    @Sendable
    private func create(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let thread = try context.id("thread")
        _ = try request.includesSearchContent()
        let body = try await request.json(RequestShapes.run, for: core.configuration.flavor)
        let draft = RunDraft(body: body, id: core.ids.make(.run), lifetime: core.configuration.runLifetime)
        try await core.executor.expireOverdue(of: thread)
        return try await start(draft.id, streams: body["stream"]?.bool ?? false) { table in
            _ = try table.require(.thread, thread)
            if let run = try table.activeRun(of: thread) {
                throw APIError.invalid("Thread \(thread) already has an active run \(run).")
            }
            for message in body["additional_messages"]?.array ?? [] {
                _ = try core.insertMessage(message.object ?? [:], thread: thread, in: table)
            }
            return (try draft.run(thread: thread, in: table), [])
        }
    }

    @Sendable
    private func createWithThread(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let body = try await request.json(RequestShapes.threadAndRun)
        let draft = RunDraft(body: body, id: core.ids.make(.run), lifetime: core.configuration.runLifetime)
        return try await start(draft.id, streams: body["stream"]?.bool ?? false) { table in
            let thread = try core.insertThread(body["thread"]?.object ?? [:], in: table)
            let run = try draft.run(thread: thread["id"]?.string ?? "", in: table)
            return (run, [StreamEvent("thread.created", thread)])
        }
    }

    /// Creates a run and answers with it, or with its events.
    private func start(
        _ id: String, streams: Bool,
        _ prepare: @escaping @Sendable (ObjectTable) throws -> (run: StoredRun, announcements: [StreamEvent])
    ) async throws -> Response {
        guard streams else { return .json(try await core.executor.create(prepare).json) }
        let events = core.streams.watch(id)
        try await core.executor.create(prepare)
        return .events(events)
    }

    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let thread = try context.id("thread")
        let query = try request.page()
        return try await core.json { table in
            _ = try table.require(.thread, thread)
            return try table.page(.run, of: thread, query)
        }
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, id) = (try context.id("thread"), try context.id("run"))
        try await core.executor.expireOverdue(of: thread)
        var response = try await core.object(.run, id, in: thread)
        if let first = core.submits.firstRead(of: id) { response = .json(first.json) }
        response.headers[.openaiPollAfter] = "\(SubmitReads.pollPause)"
        return response
    }

    @Sendable
    private func update(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, id) = (try context.id("thread"), try context.id("run"))
        let body = try await request.json(RequestShapes.metadataUpdate, optional: true)
        return .json(
            try await core.store.write { table in
                _ = try table.require(.thread, thread)
                var run = try table.require(.run, id, parent: thread)
                if let metadata = body["metadata"] { run["metadata"] = metadata.isNull ? [:] : metadata }
                try table.replace(run, id: id, kind: .run, parent: thread)
                return run
            })
    }

    @Sendable
    private func submit(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, id) = (try context.id("thread"), try context.id("run"))
        let body = try await request.json(RequestShapes.toolOutputs)
        let answers = try Self.answers(body)
        let streams = body["stream"]?.bool ?? false
        let events = streams ? core.streams.watch(id) : nil
        let run = try await change(id, of: thread, .submitted(answers))
        if let events { return .events(events) }
        core.submits.submitted(run)
        return .json(run.json)
    }

    /// Outputs, or what is said of calls that wait for it. docs/dialects.md#approvals.
    private static func answers(_ body: JSONObject) throws -> ToolSubmission {
        switch (body["tool_outputs"]?.array, body["tool_approvals"]?.array) {
        case (let outputs?, nil):
            return .outputs(
                outputs.map { output in
                    ToolOutput(callID: output["tool_call_id"]?.string ?? "", output: output["output"]?.string ?? "")
                })
        case (nil, let approvals?):
            return .approvals(
                approvals.map { approval in
                    ToolApproval(
                        callID: approval["tool_call_id"]?.string ?? "",
                        isApproved: approval["approve"]?.bool ?? false)
                })
        case (nil, nil):
            throw APIError.invalid(
                "Missing required parameter: 'tool_outputs'.", parameter: "tool_outputs",
                code: "missing_required_parameter")
        default: throw APIError.invalid("Submit 'tool_outputs' or 'tool_approvals', not both.")
        }
    }

    @Sendable
    private func cancel(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, id) = (try context.id("thread"), try context.id("run"))
        return .json(try await change(id, of: thread, .cancelRequested).json)
    }

    /// Lets a client's event happen, or refuses it in the service's words. docs/protocol.md#runs.
    private func change(_ id: String, of thread: String, _ event: RunEvent) async throws -> StoredRun {
        _ = try await core.store.read { try $0.require(.thread, thread) }
        do {
            return try await core.executor.apply([event], to: RunExecutor.Place(run: id, thread: thread))
        } catch let refusal as RunRefusal {
            throw APIError(refusal)
        }
    }
}

extension APIError {
    init(_ refusal: RunRefusal) {
        switch refusal {
        case .cannotCancel(let status):
            self = .invalid("Cannot cancel run with status '\(status.word)'.")
        case .acceptsNoOutputs(let status):
            self = .invalid("Runs in status \"\(status.word)\" do not accept tool outputs.")
        case .wrongOutputs(let expected, let got):
            self = .invalid("Expected tool outputs for call_ids \(Self.list(expected)), got \(Self.list(got))")
        case .otherAnswers:
            self = .invalid("The run waits for other answers: see the type of its 'required_action'.")
        case .wrongState(let event, let status):
            self = .invalid("Cannot \(event) run with status '\(status.word)'.")
        }
    }

    private static func list(_ ids: [String]) -> String {
        "[" + ids.map { "'\($0)'" }.joined(separator: ", ") + "]"
    }
}
