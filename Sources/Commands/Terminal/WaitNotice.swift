import AssistantsClient
import Synchronization

/// Says on a terminal what a command waits for, once that takes longer than a second; says nothing in logs and pipes.
final class WaitNotice: Sendable {
    private let console: Console
    private let state = Mutex(State())
    private static let patience = Duration.seconds(1)

    private struct State {
        var waited = Duration.zero
        /// Pages of one list, without any other request between, and how long they took.
        var list = (pages: 0, waited: Duration.zero)
    }

    init(_ console: Console) {
        self.console = console
    }

    /// Takes notice of an attempt that is over.
    func take(_ event: RequestEvent) {
        guard console.drawsOnErrors else { return }
        let (isLong, list) = state.withLock { state in
            state.waited += event.elapsed
            // A command that looks several times, with work between, is not reading one long list.
            state.list =
                event.request == "GET /assistants"
                ? (state.list.pages + 1, state.list.waited + event.elapsed) : (0, .zero)
            return (state.waited >= Self.patience, state.list)
        }
        if let pause = event.retryAfter, pause >= Self.patience || isLong {
            console.progress(Self.words(event, pause: pause))
        } else if list.waited >= Self.patience, list.pages > 1 {
            console.progress("Still reading the list of assistants: \(list.pages) pages so far.")
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
