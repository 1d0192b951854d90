/// How long to wait between two looks at a run: a pure value.
///
/// Quick at first, because short answers are ready at once and tests would otherwise spend their time waiting; then
/// slower, because a run that took ten seconds may take ten more.
package struct PollSchedule: Equatable, Sendable {
    package var first: Duration
    /// What each pause is multiplied by to give the next.
    package var growth: Double
    package var maximum: Duration

    package init(first: Duration = .milliseconds(100), growth: Double = 1.5, maximum: Duration = .seconds(1)) {
        self.first = first
        self.growth = growth
        self.maximum = maximum
    }

    package static let standard = PollSchedule()

    /// The pause after one look.
    ///
    /// - Parameters:
    ///   - poll: how many looks there have been, from 1.
    ///   - hint: what the server's `openai-poll-after-ms` asks for; obeyed, up to ten seconds.
    /// - Returns: the pause.
    package func pause(afterPoll poll: Int, hint: Duration?) -> Duration {
        if let hint, hint > .zero { return min(hint, .seconds(10)) }
        var pause = first
        for _ in 0..<max(poll - 1, 0) where pause < maximum { pause = pause * growth }
        return min(pause, maximum)
    }
}
