import EmulatorCore
import Hummingbird
import JSONModel

/// The steps of runs, which clients only read. docs/protocol.md#runs.
struct StepRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.get("threads/:thread/runs/:run/steps", use: list)
        group.get("threads/:thread/runs/:run/steps/:step", use: read)
    }

    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, run) = (try context.id("thread"), try context.id("run"))
        let query = try request.page()
        let includesContent = try request.includesSearchContent()
        return try await core.json { table in
            _ = try table.require(.thread, thread)
            _ = try table.require(.run, run, parent: thread)
            let page = try table.page(.step, of: run, query)
            return includesContent ? page : try page.map(in: table, Self.withoutSearchContent)
        }
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, run, id) = (try context.id("thread"), try context.id("run"), try context.id("step"))
        let includesContent = try request.includesSearchContent()
        let step = try await core.store.read { table in
            _ = try table.require(.thread, thread)
            _ = try table.require(.run, run, parent: thread)
            return try table.require(.step, id, parent: run)
        }
        return .json(includesContent ? step : Self.withoutSearchContent(step))
    }

    /// The content of search results is only for those who ask. docs/protocol.md#runs.
    private static func withoutSearchContent(_ step: JSONObject) -> JSONObject {
        guard let calls = step["step_details"]?["tool_calls"]?.array,
            calls.contains(where: { $0["type"]?.string == "file_search" })
        else { return step }
        let reduced = calls.map { call -> JSONValue in
            guard var search = call["file_search"]?.object, let results = search["results"]?.array else { return call }
            search["results"] = .array(
                results.map { result in
                    var members = result.object ?? [:]
                    members["content"] = nil
                    return .object(members)
                })
            var members = call.object ?? [:]
            members["file_search"] = .object(search)
            return .object(members)
        }
        var result = step
        result["step_details"] = ["type": "tool_calls", "tool_calls": .array(reduced)]
        return result
    }
}
