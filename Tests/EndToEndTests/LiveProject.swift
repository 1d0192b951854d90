import AssistantsClient
import Emulator
import EmulatorCore
import Foundation
import TestSupport
import Testing

/// A project `p` whose environment `live` is a server of this process.
func withLiveProject(
    rules: String = #"{"rules":[]}"#, upstream: Upstream? = nil, faults: [String] = [], _ files: [String: String],
    _ body: (CommandFixture, AssistantsClient) async throws -> Void
) async throws {
    var configuration = EmulatorConfiguration()
    configuration.rules = try ModelRules(parsing: rules)
    configuration.upstream = upstream
    configuration.faults = try FaultPlan(parsing: faults)
    try await withEmulator(configuration) { address in
        try await withHTTPTransport { transport in
            let client = try AssistantsClient(baseURL: address, transport: transport)
            try await withTemporaryDirectory { folder in
                let project = """
                    project: p
                    default_environment: live
                    defaults: {model: m}
                    environments:
                      live: {base_url: "\(address)"}

                    """
                try folder.write(files)
                let more = files["muster.yaml"] ?? ""
                try folder.write(["muster.yaml": project + more])
                let muster = CommandFixture(folder: folder)
                let applied = try await muster.run("apply", "--auto-approve")
                #expect(applied.status == 0, "\(applied.errors)")
                try await body(muster, client)
            }
        }
    }
}
