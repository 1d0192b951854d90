import Emulator

/// Runs `body` with the address of a local server that misbehaves.
///
/// - Parameter faults: as they stand on a command line.
func withFaultyServer(_ faults: [String], _ body: @escaping @Sendable (String) async throws -> Void) async throws {
    var configuration = EmulatorConfiguration()
    configuration.faults = try FaultPlan(parsing: faults)
    try await withEmulator(configuration, body)
}
