package import AssistantsAPI
package import AssistantsClient
package import JSONModel
import JSONRules
package import Specs
import Synchronization

/// Answers calls as a test says. Made anew for each run of a test, because sequences of answers are used up.
package final class SpecifiedTools: ToolExecutor {
    private let modes: [String: ToolMode]
    private let approvals: [String: ApprovalMode]
    private let client: AssistantsClient
    private let server: ServerTools
    private let clock: any Clock<Duration>
    /// How many replies of each function's sequence are used up.
    private let used = Mutex<[String: Set<Int>]>([:])

    /// Sets up the answers of one run of one test.
    ///
    /// - Parameters:
    ///   - modes: who answers, by function; `*` for all others.
    ///   - approvals: whether tools of MCP servers may be called, by the server's label.
    ///   - client: for the server's plugins.
    ///   - clock: for delays.
    package init(
        modes: [String: ToolMode], approvals: [String: ApprovalMode] = [:], client: AssistantsClient,
        clock: any Clock<Duration>
    ) {
        self.modes = modes
        self.approvals = approvals
        self.client = client
        server = ServerTools(client: client)
        self.clock = clock
    }

    package func answer(_ call: ToolCall, in place: ConversationPlace) -> Work {
        if case .mcp(let server) = call.kind { return approval(of: call, server) }
        switch modes[call.name] ?? modes["*"] {
        case nil:
            return Self.saying(
                "The function \(call.name) is not available.", problem: .unknown(stub: MockStub.text(for: call)))
        case .forbid?:
            return Self.saying("The function \(call.name) must not be used.", problem: .forbidden)
        case .server?: return server.answer(call, in: place)
        case .mock(let replies)?: return mock(call, replies)
        case .command(let command, let timeout)?: return { await CommandTool.run(command, timeout, call) }
        case .http(let url)?: return { [client] in await Self.post(call, to: url, client) }
        }
    }

    /// Whoever says nothing of a server denies: a platform acts only on a clear yes.
    private func approval(of call: ToolCall, _ server: String) -> Work {
        let answer =
            switch approvals[server] {
            case .approve?: ToolAnswer(isApproved: true)
            case .deny?: ToolAnswer(isApproved: false)
            case .forbid?: ToolAnswer(isApproved: false, problem: .forbidden)
            case nil: ToolAnswer(isApproved: false, problem: .unknown(stub: MockStub.text(for: call)))
            }
        return { answer }
    }

    private static func saying(_ output: String, problem: ToolAnswer.Problem) -> Work {
        { ToolAnswer(output, problem: problem) }
    }

    private static func post(_ call: ToolCall, to url: String, _ client: AssistantsClient) async -> ToolAnswer {
        do throws(AssistantsError) {
            return ToolAnswer(try await client.callTool(url: url, arguments: call.argumentsText))
        } catch {
            return .unavailable("The answer of \(call.name) could not be had: \(error)")
        }
    }

    private func mock(_ call: ToolCall, _ replies: [MockReply]) -> Work {
        let arguments = call.argumentsJSON
        let reply = used.withLock { used -> MockReply? in
            let index = replies.indices.first { index in
                let isUsed = used[call.name]?.contains(index) == true
                return !isUsed && MockMatching.matches(replies[index], arguments)
            }
            guard let index else { return nil }
            if replies[index].once { used[call.name, default: []].insert(index) }
            return replies[index]
        }
        guard let reply else {
            return Self.saying(
                "The function \(call.name) has no answer for these arguments.",
                problem: .unknown(stub: MockStub.text(for: call)))
        }
        return { [clock] in
            if reply.delay > .zero { try? await clock.sleep(for: reply.delay) }  // cancelled: the run ends anyway
            switch reply.result {
            case .output(let output): return ToolAnswer(output)
            case .failure(let message): return ToolAnswer(message, problem: .failed(message))
            }
        }
    }
}

/// Whether a written answer fits the arguments of a call.
enum MockMatching {
    static func matches(_ reply: MockReply, _ arguments: JSONValue?) -> Bool {
        guard let wanted = reply.arguments else { return true }
        guard let arguments else { return false }
        return Subset.holds(wanted, in: arguments)
    }
}

/// The lines of YAML that would answer an unexpected call, ready to be pasted.
enum MockStub {
    static func text(for call: ToolCall) -> String {
        if case .mcp(let server) = call.kind { return "tools:\n  mcp: {\(JSONValue.string(server).text()): approve}" }
        let arguments = call.argumentsJSON?.text() ?? "{}"  // malformed: no arguments to match
        return """
            tools:
              \(call.name):
                mode: mock
                replies:
                  - {args: \(arguments), output: "…"}
            """
    }
}

/// Whether one JSON value is part of another.
package enum Subset {
    /// Objects may have further members; everything else must be equal.
    ///
    /// - Parameters:
    ///   - wanted: what must be there.
    ///   - actual: where it must be.
    /// - Returns: true when every member of `wanted`, at any depth of objects, is in `actual`.
    package static func holds(_ wanted: JSONValue, in actual: JSONValue) -> Bool {
        guard let members = wanted.object else { return wanted.isSame(as: actual) }
        return members.allSatisfy { member in
            actual[member.key].map { holds(member.value, in: $0) } ?? false
        }
    }
}
