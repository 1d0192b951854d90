import Emulator

/// Runs `body` with the address of a local server that misbehaves.
///
/// - Parameters:
///   - faults: as they stand on a command line.
///   - body: what to do with the address.
/// - Throws: what `body` throws; for a fault that is none.
func withFaultyServer(_ faults: [String], _ body: @escaping @Sendable (String) async throws -> Void) async throws {
    var configuration = EmulatorConfiguration()
    configuration.faults = try FaultPlan(parsing: faults)
    try await withEmulator(configuration, body)
}
