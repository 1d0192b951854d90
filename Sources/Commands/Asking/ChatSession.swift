import AssistantsAPI
import AssistantsClient
import Foundation
import Harness
import Reporting
import Synchronization

/// One conversation on one thread, question after question.
final class ChatSession: Sendable {
    /// How a conversation ended.
    enum End: Sendable {
        case done
        /// Some question had no answer, and no person was there to see it.
        case failed
        case interrupted
    }

    private let asked: ConversationTarget
    private let manner: ConversationOptions
    private let thread: String
    private let console: Console
    private let state = Mutex(State())

    private struct State {
        /// The answer that is being written.
        var answering: Task<Result<TurnResult, ConversationError>, Never>?
        /// Wakes whoever waits for a line.
        var waiting: CheckedContinuation<String?, Never>?
        var isInterrupted = false
    }

    init(asked: ConversationTarget, manner: ConversationOptions, thread: String, console: Console) {
        self.asked = asked
        self.manner = manner
        self.thread = thread
        self.console = console
    }

    /// Asks line after line until there are no more.
    func run() async -> End {
        let interruption = Interruption()
        await interruption.watchEach { [self] in interrupt() }
        var pictures: [MessageInputPart] = []
        var hasFailed = false
        if Console.isInteractive { console.progress("Type a question, or /help.") }
        while let line = await nextLine() {
            guard let meant = ChatLine(line) else { continue }
            do {
                switch meant {
                case .text(let text):
                    let parts = pictures + [.text(text)]
                    pictures = []
                    try await ask([MessageRequest(parts: parts)])
                case .image(let path): pictures.append(try await asked.pictures.part(path))
                case .history: try await printHistory()
                case .undo: try await undo()
                case .thread: console.print(DisplayText.inert(thread))
                case .help: console.progress(ChatLine.guide)
                case .exit: return hasFailed ? .failed : .done
                case .unknown(let word):
                    throw CommandFailure(.failed, "there is no command \(word)", help: ChatLine.guide)
                }
            } catch {
                if state.withLock({ $0.isInterrupted }) { return .interrupted }
                show(error)
                hasFailed = hasFailed || !Console.isInteractive
            }
        }
        if state.withLock({ $0.isInterrupted }) { return .interrupted }
        return hasFailed ? .failed : .done
    }

    private func show(_ error: any Error) {
        if let failure = error as? CommandFailure {
            console.error(failure.message, help: failure.help)
        } else if !(error is CancellationError) {
            console.error("\(error)")
        }
    }

    private func ask(_ messages: [MessageRequest]) async throws {
        let printer = AnswerPrinter(console: console)
        let conversation = asked.conversation(on: thread, manner)
        let request = manner.request(asked.id)
        let task = Task { @concurrent in
            do throws(ConversationError) {
                return Result<TurnResult, ConversationError>.success(
                    try await conversation.send(messages, run: request) { printer.show($0) })
            } catch {
                return .failure(error)
            }
        }
        state.withLock { $0.answering = task }
        let result = await task.value
        state.withLock { $0.answering = nil }
        if task.isCancelled {
            console.progress("\nThe answer was cut off.")
            // A script that is interrupted has nobody who would go on.
            if Console.isInteractive { return }
            state.withLock { $0.isInterrupted = true }
            throw CancellationError()
        }
        try printer.finish(try result.get())
    }

    /// Prints the newest messages of the thread, oldest first.
    private func printHistory() async throws {
        for message in try await asked.client.messages(thread: thread, limit: 100).reversed() {
            let pictures = message.images.map { $0.hasPrefix("data:") ? "[picture]" : "[picture \($0)]" }
            let text = (pictures + [message.text]).filter { !$0.isEmpty }.joined(separator: " ")
            console.print(DisplayText.inert("\(message.role): \(text)"))
        }
    }

    /// Deletes the newest question and everything after it.
    private func undo() async throws {
        let newest = try await asked.client.messages(thread: thread, limit: 100)
        guard let last = newest.firstIndex(where: { $0.role == "user" }) else {
            throw CommandFailure(.failed, "there is no question to take back")
        }
        // Several messages of one question stand together.
        let end = newest[last...].firstIndex { $0.role != "user" } ?? newest.endIndex
        for message in newest[..<end] { try await asked.client.deleteMessage(message.id, thread: thread) }
        console.progress("Took back: \(DisplayText.cut(DisplayText.inert(newest[last].text), to: 60))")
    }

    /// The next line, with those that a backslash joins to it; nil at the end and after an interruption.
    private func nextLine() async -> String? {
        var whole = ""
        while let line = await readLine(prompt: whole.isEmpty ? "> " : ". ") {
            guard line.hasSuffix("\\") else { return whole + line }
            whole += line.dropLast() + "\n"
        }
        return whole.isEmpty ? nil : whole
    }

    /// Reads on a thread of its own: waiting for a person must not hold up the program's work.
    private func readLine(prompt: String) async -> String? {
        if Console.isInteractive { console.problem(prompt) }
        return await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isInterrupted { state.waiting = continuation }
                return state.isInterrupted
            }
            if isOver { return continuation.resume(returning: nil) }
            DispatchQueue.global().async { [self] in
                let line = Swift.readLine()
                state.withLock { state -> CheckedContinuation<String?, Never>? in
                    defer { state.waiting = nil }
                    return state.waiting
                }?.resume(returning: line)
            }
        }
    }

    /// Ends the answer that is being written; at the prompt, the conversation.
    private func interrupt() {
        let waiting = state.withLock { state -> CheckedContinuation<String?, Never>? in
            if let answering = state.answering {
                answering.cancel()
                return nil
            }
            state.isInterrupted = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }
}
