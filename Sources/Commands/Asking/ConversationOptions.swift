import ArgumentParser
import AssistantsAPI
import Harness
import Specs

/// How `ask` and `chat` hold a conversation.
struct ConversationOptions: ParsableArguments {
    @Option(
        name: .customLong("additional-instructions"),
        help: "Added to the assistant's instructions for each question; {{now}} is the time.")
    var additionalInstructions = "The current time is: {{now}}"

    @Option(help: ArgumentHelp("Go on with a thread that exists.", valueName: "id"))
    var thread: String?

    @Flag(name: .customLong("keep-thread"), help: "Leave a new thread on the server, to go on with it later.")
    var keepThread = false

    @Flag(help: "Wait for whole answers instead of printing them as they are written.")
    var poll = false

    @Option(
        help: ArgumentHelp(
            "Let the platform call tools of this MCP server; may be repeated. Without it, a terminal asks.",
            valueName: "server"))
    var approve: [String] = []

    @Option(help: ArgumentHelp("Do not let it call tools of this MCP server; may be repeated.", valueName: "server"))
    var deny: [String] = []

    func validate() throws {
        guard let both = approve.first(where: deny.contains) else { return }
        throw ValidationError("--approve and --deny both name \(both).")
    }

    /// What is said of MCP servers without asking.
    var approvals: [String: ApprovalMode] {
        let said = approve.map { ($0, ApprovalMode.approve) } + deny.map { ($0, .deny) }
        return Dictionary(said) { first, _ in first }
    }

    /// The run of one question.
    func request(_ assistant: String) -> RunRequest {
        let instructions = additionalInstructions.replacing("{{now}}", with: Clocks.now())
        return RunRequest(assistantID: assistant, additionalInstructions: instructions.isEmpty ? nil : instructions)
    }
}
