import AssistantsAPI
import Harness
import Reporting
import Specs

/// Answers calls in a conversation with a person: functions by the server's plugins, and what a platform may call only
/// once somebody approves by the person's word. docs/dialects.md#approvals.
struct AskedTools: ToolExecutor {
    /// What is known without asking.
    let specified: SpecifiedTools
    /// `--approve` and `--deny`.
    let approvals: [String: ApprovalMode]
    let console: Console

    func answer(_ call: ToolCall, in place: ConversationPlace) -> Work {
        guard case .mcp(let server) = call.kind, approvals[server] == nil, Console.isInteractive else {
            return specified.answer(call, in: place)
        }
        return { [console] in
            let shown = DisplayText.inert("\(call.title)(\(call.arguments))")
            let word = console.ask("\(shown) wants to be called. Approve? [y/N] ")?.lowercased() ?? ""
            return ToolAnswer(isApproved: ["y", "yes"].contains(word))
        }
    }
}

extension TurnResult {
    /// A call that nobody said anything of, so that it was not made.
    ///
    /// - Throws: ``CommandFailure`` that says how to.
    func checkApprovals() throws {
        for answered in calls {
            guard case .mcp(let server) = answered.call.kind, case .unknown? = answered.answer.problem else { continue }
            throw CommandFailure(
                .failed, "\(answered.call.title) was not called: nobody was there to approve it",
                help: "--approve \(server) lets its tools be called, --deny \(server) does not")
        }
    }
}
