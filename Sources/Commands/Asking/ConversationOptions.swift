import ArgumentParser
import AssistantsAPI
import Harness

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

    /// The run of one question.
    func request(_ assistant: String) -> RunRequest {
        let instructions = additionalInstructions.replacing("{{now}}", with: Clocks.now())
        return RunRequest(assistantID: assistant, additionalInstructions: instructions.isEmpty ? nil : instructions)
    }
}
