/// What a test run needs of the world besides the server, handed in so that tests of the harness need no world.
package struct Surroundings: Sendable {
    /// The date and time as tests show it, `YYYY-MM-DD HH:MM:SS`.
    package var now: @Sendable () -> String
    /// Reads a variable of the process.
    package var environment: @Sendable (String) -> String?
    /// Reads a file by the path that a test names; bounded by whoever hands it in.
    package var readFile: @Sendable (String) throws -> [UInt8]

    package init(
        now: @escaping @Sendable () -> String = { "" },
        environment: @escaping @Sendable (String) -> String? = { _ in nil },
        readFile: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.now = now
        self.environment = environment
        self.readFile = readFile
    }
}
