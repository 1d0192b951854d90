/// Measures time on a clock whose kind is not known, which cannot keep its instants otherwise.
package struct Stopwatch: Sendable {
    private let measure: @Sendable () -> Duration

    package init(_ clock: some Clock<Duration>) {
        let start = clock.now
        measure = { start.duration(to: clock.now) }
    }

    /// Time since the stopwatch was made.
    package var elapsed: Duration { measure() }
}
