import ArgumentParser
import AssistantsAPI
import AssistantsClient
import Foundation
import Harness
import JSONModel
import Reporting
import Specs

struct AskCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Asks a deployed assistant one question.",
        discussion: """
            Function calls are answered by the server's own plugins, as the vendor's sample programs do by hand. \
            Each text and each image becomes a message of its own: the first text, the images, the other texts. \
            The thread is deleted afterwards, unless it was there before or --keep-thread says otherwise.

            muster ask greeter "Hello, I am Kim."
            muster ask greeter "What is on the picture?" --image chart.png
            muster ask -e production asst_dvc_1 "Hello" --json
            """)

    @OptionGroup var manner: ConversationOptions

    @Argument(help: "The assistant's key in the project, or its id on the server.", completion: ProjectWords.keys)
    var assistant: String

    @Argument(help: "What to ask.")
    var text: [String] = []

    @Option(
        help: ArgumentHelp("A picture to ask about: an address or a file; may be repeated.", valueName: "picture"),
        completion: .file())
    var image: [String] = []

    @Flag(help: "Print one JSON object: the answer, the calls, the tokens, the times.")
    var json = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !text.isEmpty || !image.isEmpty else { throw ValidationError("Say what to ask: a text, or --image.") }
    }

    func execute(_ console: Console) async throws {
        try await ConversationTarget.with(assistant, common, server, console) { asked in
            try await ask(asked, console)
        }
    }

    private func ask(_ asked: ConversationTarget, _ console: Console) async throws {
        let pictures = asked.pictures
        var messages = text.prefix(1).map { MessageRequest(parts: [.text($0)]) }
        do {
            for picture in image { messages.append(MessageRequest(parts: [try await pictures.part(picture)])) }
        } catch {
            await pictures.removeAll(console)
            throw error
        }
        messages += text.dropFirst().map { MessageRequest(parts: [.text($0)]) }
        let request = manner.request(asked.id)
        let printer = AnswerPrinter(console: console, isSilent: json)
        let task = Task { @concurrent [messages] in
            try await asked.onThread(manner) { thread in
                let conversation = asked.conversation(on: thread, manner)
                do throws(ConversationError) {
                    return Result<TurnResult, ConversationError>.success(
                        try await conversation.send(messages, run: request) { printer.show($0) })
                } catch {
                    return .failure(error)
                }
            }
        }
        let interruption = Interruption()
        await interruption.watch { task.cancel() }
        let outcome = await task.result
        await pictures.removeAll(console)
        let (result, thread) = try outcome.get()
        if interruption.isRequested { throw ExitStatus.interrupted.code }
        switch result {
        case .success(let turn):
            if json { console.print(turn.document(assistant: asked.id, thread: thread).text(.pretty)) }
            try printer.finish(turn)
        case .failure(let error): throw CommandFailure(.failed, "\(error)")
        }
    }
}

extension TurnResult {
    /// The turn for programs: `ask --json`.
    fileprivate func document(assistant: String, thread: String) -> JSONValue {
        let calls = self.calls.map { answered -> JSONValue in
            [
                "function": .string(answered.call.title), "arguments": .string(answered.call.arguments),
                "output": .string(answered.answer.output),
            ]
        }
        return [
            "assistant": .string(assistant), "thread": .string(thread), "run": .string(runID),
            "status": .string(status.word), "text": .string(answer.text),
            "texts": .array(answer.texts.map(JSONValue.string)),
            "refusals": .array(answer.refusals.map(JSONValue.string)),
            "images": .array(answer.images.map(JSONValue.string)),
            "files": .array((answer.citedFiles + answer.attachedFiles).map(JSONValue.string)), "calls": .array(calls),
            "model": model.map(JSONValue.string) ?? .null, "usage": usage?.json ?? .null,
            "latency_ms": .integer(Int(latency / .milliseconds(1))),
            "first_text_ms": firstText.map { .integer(Int($0 / .milliseconds(1))) } ?? .null,
            "error": failure.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null,
            "incomplete_reason": incompleteReason.map(JSONValue.string) ?? .null,
        ]
    }
}
