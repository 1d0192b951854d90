import AssistantsClient
import Synchronization

/// Says on a terminal what a command waits for, once that takes longer than a second; says nothing in logs and pipes.
final class WaitNotice: Sendable {
    private let console: Console
    private let state = Mutex((waited: Duration.zero, pages: 0))
    private static let patience = Duration.seconds(1)

    init(_ console: Console) {
        self.console = console
    }

    /// Takes notice of an attempt that is over.
    func take(_ event: RequestEvent) {
        guard console.drawsOnErrors else { return }
        let (isLong, pages) = state.withLock { state in
            state.waited += event.elapsed
            if event.request == "GET /assistants" { state.pages += 1 }
            return (state.waited >= Self.patience, state.pages)
        }
        if let pause = event.retryAfter, pause >= Self.patience || isLong {
            console.progress(Self.words(event, pause: pause))
        } else if isLong, event.request == "GET /assistants", pages > 1 {
            console.progress("Still reading the list of assistants: \(pages) pages so far.")
        }
    }

    /// What happened and when it is tried again.
    static func words(_ event: RequestEvent, pause: Duration) -> String {
        let happened =
            switch event.outcome {
            case .answered(let status): "the server answered \(status)"
            case .failed: "there was no answer"
            }
        let seconds = max(1, pause.components.seconds)
        return "\(event.request): \(happened) to attempt \(event.attempt); trying again in \(seconds) s."
    }
}
