import AssistantsAPI
import AssistantsClient
import Harness
import Reporting
import Synchronization
import TextSafety

/// Prints an answer as it comes: text to standard output, function calls to standard error.
final class AnswerPrinter: Sendable {
    private let console: Console
    /// Nothing but failures is told.
    private let isSilent: Bool
    /// Text that stands on the terminal without its line break.
    private let printed = Mutex("")
    /// The pieces on their way to the terminal.
    private let pieces = Mutex(InertStream())

    init(console: Console, isSilent: Bool = false) {
        self.console = console
        self.isSilent = isSilent
    }

    func show(_ event: ConversationEvent) {
        guard !isSilent else { return }
        switch event {
        case .calling(let call):
            breakLine()
            console.progress("calling \(DisplayText.inert("\(call.title)(\(call.arguments))"))")
        case .called(let answered):
            console.progress("  \(DisplayText.cut(DisplayText.inert(answered.answer.output), to: 120))")
        case .text(let piece):
            printed.withLock { $0 += piece }
            console.printPart(pieces.withLock { $0.add(piece) })
        case .run: break
        }
    }

    /// Prints what did not come in pieces, and what is wrong.
    ///
    /// - Throws: ``CommandFailure`` for a run that was not completed.
    func finish(_ turn: TurnResult) throws {
        breakLine()
        guard turn.status == .completed else {
            let reason = turn.failure.map { "\($0.code): \($0.message)" } ?? turn.incompleteReason ?? "no reason given"
            throw CommandFailure(.failed, "the run ended as \(turn.status.word): \(reason)")
        }
        guard !isSilent else { return try turn.checkApprovals() }
        for refusal in turn.answer.refusals { console.print("The assistant refused: \(Self.lines(refusal))") }
        let streamed = printed.withLock { $0 }
        // A run may write several messages; those that did not come in pieces are printed now.
        for text in turn.answer.texts where !streamed.contains(text) { console.print(Self.lines(text)) }
        for image in turn.answer.images where !image.hasPrefix("data:") {
            console.print("[picture \(DisplayText.inert(image))]")
        }
        printed.withLock { $0 = "" }
        try turn.checkApprovals()
    }

    /// Ends a line that was printed in pieces.
    private func breakLine() {
        console.printPart(pieces.withLock { $0.flush() })
        let isOpen = printed.withLock { printed in
            guard !printed.isEmpty, !printed.hasSuffix("\n") else { return false }
            printed += "\n"
            return true
        }
        if isOpen { console.printPart("\n") }
    }

    /// The model's words, harmless to the terminal, its line breaks kept.
    private static func lines(_ text: String) -> String {
        InertText.visibleLines(text).joined(separator: "\n")
    }
}
