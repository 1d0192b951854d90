/// What a test run needs of the world besides the server, handed in so that tests of the harness need no world.
package struct Surroundings: Sendable {
    /// The date and time as tests show it, `YYYY-MM-DD HH:MM:SS`.
    package var now: @Sendable () -> String
    /// Reads a variable of the process.
    package var environment: @Sendable (String) -> String?

    package init(
        now: @escaping @Sendable () -> String, environment: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.now = now
        self.environment = environment
    }
}
