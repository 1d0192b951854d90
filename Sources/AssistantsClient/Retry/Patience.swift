/// Waiting for something that will most likely be cancelled: a time limit.
package enum Patience {
    /// Sleeps in short slices. A cancelled sleep of Swift's runtime stays scheduled, with its memory, until its time has
    /// come; limits of ten minutes on thousands of requests would add up to megabytes.
    ///
    /// - Parameters:
    ///   - duration: how long in all.
    ///   - clock: whose time.
    /// - Throws: `CancellationError`.
    package static func sleep(
        for duration: Duration, on clock: any Clock<Duration> = ContinuousClock()
    ) async throws {
        var left = duration
        while left > .zero {
            let slice = min(left, .seconds(2))
            try await clock.sleep(for: slice)
            left -= slice
        }
    }
}
