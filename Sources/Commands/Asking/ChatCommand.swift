import ArgumentParser
import AssistantsAPI
import AssistantsClient
import Foundation
import Harness
import Reporting

struct ChatCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Holds a conversation with a deployed assistant.",
        discussion: """
            Each line is a question; one that ends in a backslash goes on in the next. The thread on the server keeps the \
            history; /undo takes back the last question with its answer. \(ChatLine.guide)

            Ctrl-C ends the answer that is being written, and at the prompt the conversation. Without a terminal, the \
            lines of standard input are asked one after the other.

            muster chat greeter
            muster chat -e production greeter
            muster chat greeter < questions.txt
            """)

    @OptionGroup var manner: ConversationOptions

    @Argument(help: "The assistant's key in the project, or its id on the server.", completion: ProjectWords.keys)
    var assistant: String

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        try await ConversationTarget.with(assistant, common, server, console) { asked in
            let manner = manner
            let task = Task { @concurrent in
                try await asked.onThread(manner) { thread in
                    await ChatSession(asked: asked, manner: manner, thread: thread, console: console).run()
                }
            }
            let (end, thread) = try await task.value
            await asked.pictures.removeAll(console)
            if manner.keepThread || manner.thread != nil {
                let command = PrintedCommand(common, server).text("chat", [assistant, "--thread", thread])
                console.progress("Go on with: \(DisplayText.inert(command))")
            }
            switch end {
            case .done: return
            case .failed: throw ExitStatus.failed.code
            case .interrupted: throw ExitStatus.interrupted.code
            }
        }
    }
}

/// What a line of a chat means.
enum ChatLine: Equatable {
    case text(String)
    case image(String)
    case history, undo, thread, help, exit
    case unknown(String)

    static let guide = """
        Commands: /image PATH shows a picture with the next question, /history prints the thread, /undo takes back the \
        last question, /thread prints its id, /exit ends.
        """

    /// Reads a line; nil for a blank one.
    init?(_ line: String) {
        let text = line.trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty else { return nil }
        guard text.hasPrefix("/"), !text.hasPrefix("//") else {
            self = .text(text.hasPrefix("//") ? String(text.dropFirst()) : text)
            return
        }
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words[0], words.count) {
        case ("/image", 2): self = .image(words[1].trimmingCharacters(in: .whitespaces))
        case ("/history", 1): self = .history
        case ("/undo", 1): self = .undo
        case ("/thread", 1): self = .thread
        case ("/help", 1): self = .help
        case ("/exit", 1), ("/quit", 1): self = .exit
        default: self = .unknown(words[0])
        }
    }
}
