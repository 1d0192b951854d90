import ArgumentParser
import AssistantsAPI
import AssistantsClient
import Foundation
import Harness
import Reporting
import Specs

struct AskCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Asks a deployed assistant one question.",
        discussion: """
            Function calls are answered by the server's own plugins, as the vendor's sample programs do by hand. \
            Each text and each image becomes a message of its own: the first text, the images, the other texts.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Argument(help: "The assistant's key in the project, or its id on the server.")
    var assistant: String

    @Argument(help: "What to ask.")
    var text: [String] = []

    @Option(help: ArgumentHelp("A picture to ask about: an address or a file; may be repeated.", valueName: "picture"))
    var image: [String] = []

    @Option(
        name: .customLong("additional-instructions"),
        help: "Added to the assistant's instructions for this question; {{now}} is the time.")
    var additionalInstructions = "The current time is: {{now}}"

    @Flag(help: "Print the answer as it is written.")
    var stream = false

    func validate() throws {
        guard !text.isEmpty || !image.isEmpty else { throw ValidationError("Say what to ask: a text, or --image.") }
    }

    func execute(_ console: Console) async throws {
        let messages = try messages()
        if let address = server.baseURL {
            let state = FileManager.default.temporaryDirectory
            return try await ServerSession.withServer(ServerSession.adHoc(address), server, stateFolder: state, console)
            {
                try await ask($0, id: assistant, messages, console)
            }
        }
        let session = try ProjectSession(common, console)
        let environment = try session.environment(server)
        let specs = try session.specs(for: environment)
        try await ServerSession.withServer(environment, server, stateFolder: session.stateFolder, console) { server in
            let finder = DeployedAssistant(session: session, environment: environment, specs: specs)
            try await ask(server, id: try await finder.id(of: assistant, server), messages, console)
        }
    }

    private func messages() throws -> [MessageRequest] {
        let texts = text.map { MessageRequest(parts: [.text($0)]) }
        let images = try image.map { MessageRequest(parts: [.imageURL(try Self.address(of: $0))]) }
        return Array(texts.prefix(1) + images + texts.dropFirst())
    }

    /// An address as it is; a file as a `data:` URL, which DaVinci recommends for pictures on one's own machine.
    private static func address(of picture: String) throws -> String {
        let schemes = ["http://", "https://", "data:"]
        if schemes.contains(where: picture.lowercased().hasPrefix) { return picture }
        guard let data = FileManager.default.contents(atPath: picture) else {
            throw CommandFailure(.failed, "the picture \(picture) cannot be read")
        }
        guard data.count <= 20 << 20 else {
            throw CommandFailure(.failed, "the picture \(picture) has more than 20 MiB")
        }
        return DataURL.image(Array(data))
    }

    private func ask(_ server: ServerSession, id: String, _ messages: [MessageRequest], _ console: Console) async throws
    {
        let instructions = additionalInstructions.replacing("{{now}}", with: Clocks.now())
        let request = RunRequest(assistantID: id, additionalInstructions: instructions.isEmpty ? nil : instructions)
        let client = server.client
        let isStreamed = stream
        let task = Task { @concurrent in
            try await withThread(client) { thread in
                let conversation = Conversation(
                    client: client, place: ConversationPlace(thread: thread, assistant: id),
                    tools: SpecifiedTools(modes: ["*": .server], client: client, clock: ContinuousClock()),
                    pace: Conversation.Pace(delivery: isStreamed ? .stream : .poll))
                do throws(ConversationError) {
                    return Result<TurnResult, ConversationError>.success(
                        try await conversation.send(messages, run: request) { Self.show($0, console) })
                } catch {
                    return .failure(error)
                }
            }
        }
        let interruption = Interruption()
        interruption.watch { task.cancel() }
        let (result, fate) = try await task.value
        if case .leaked(let reason) = fate { console.warning("the thread could not be deleted: \(reason)") }
        if interruption.isRequested { throw ExitStatus.interrupted.code }
        switch result {
        case .success(let turn): try answer(turn, console)
        case .failure(let error): throw CommandFailure(.failed, "\(error)")
        }
    }

    private static func show(_ event: ConversationEvent, _ console: Console) {
        switch event {
        case .calling(let call): console.progress("calling \(DisplayText.inert("\(call.name)(\(call.arguments))"))")
        case .called(let answered):
            console.progress("  \(DisplayText.cut(DisplayText.inert(answered.answer.output), to: 120))")
        case .text(let piece): console.printPart(lines(piece))
        case .run: break
        }
    }

    private func answer(_ turn: TurnResult, _ console: Console) throws {
        guard turn.status == .completed else {
            let reason = turn.failure.map { "\($0.code): \($0.message)" } ?? turn.incompleteReason ?? "no reason given"
            throw CommandFailure(.failed, "the run ended as \(turn.status.word): \(reason)")
        }
        for refusal in turn.refusals { console.print("The assistant refused: \(Self.lines(refusal))") }
        // A streamed answer has been printed piece by piece.
        console.print(stream ? "\n" : Self.lines(turn.text))
    }

    /// The model's words, harmless to the terminal, its line breaks kept.
    private static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { DisplayText.inert(String($0)) }
            .joined(separator: "\n")
    }
}
