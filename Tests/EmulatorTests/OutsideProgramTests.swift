import Emulator
import EmulatorCore
import Foundation
import JSONModel
import TestSupport
import Testing

/// The vendor's three flows and the official SDK, run as they are against the server.
@Suite(.timeLimit(.minutes(5)))
struct OutsideProgramTests {
    private static let hasShell = ["bash", "curl", "jq"].allSatisfy(OutsideProgram.isInstalled)

    private func withDaVinci(_ body: (EmulatorClient) async throws -> Void) async throws {
        var configuration = EmulatorConfiguration()
        configuration.flavor = .davinci
        configuration.key = "k"
        try await withServer(configuration, body)
    }

    private func run(_ program: String, _ script: String, _ arguments: String...) async throws -> String {
        let path = OutsideProgram.fixtures.appending(path: script).path
        let result = try await OutsideProgram.run(program, [path] + arguments)
        #expect(result.status == 0, "\(result.output)")
        return result.output
    }

    @Test(.enabled(if: hasShell, "needs bash, curl and jq"))
    func shellFlowWithTools() async throws {
        try await withDaVinci { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let output = try await run("bash", "polled_shell.sh", client.baseURL, "k", assistant, "\"巴黎在哪裡?\"")
            #expect(output.contains("巴黎"))
        }
    }

    @Test(.enabled(if: hasShell, "needs bash, curl and jq"))
    func shellFlowWithAnImage() async throws {
        try await withDaVinci { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let image = "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/x.jpg\"}}]"
            let output = try await run("bash", "polled_shell.sh", client.baseURL, "k", assistant, image)
            #expect(output.contains("https://example.com/x.jpg"))
        }
    }

    @Test(.enabled(if: OutsideProgram.venvs != nil, "needs MUSTER_SDK_VENVS"), arguments: ["newest", "1.39.0"])
    func polledFlowWithAnImage(version: String) async throws {
        try await withDaVinci { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let output = try await run(
                OutsideProgram.python(version), "polled_image.py", client.baseURL, "k", assistant, Samples.pixel)
            #expect(output.contains("PNG of 1 x 1 pixels"))
        }
    }

    @Test(.enabled(if: OutsideProgram.venvs != nil, "needs MUSTER_SDK_VENVS"), arguments: ["newest", "1.39.0"])
    func streamedFlowWithTools(version: String) async throws {
        try await withDaVinci { client in
            let output = try await run(
                OutsideProgram.python(version), "streamed_tools.py", client.baseURL, "k", "中國在 2024 巴黎奧運的表現如何?")
            #expect(output.contains("巴黎"))
        }
    }

    @Test(.enabled(if: OutsideProgram.venvs != nil, "needs MUSTER_SDK_VENVS"), arguments: ["newest", "1.39.0"])
    func officialSDK(version: String) async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = "k"
        try await withServer(configuration) { client in
            let script = OutsideProgram.fixtures.appending(path: "sdk_tour.py").path
            let openapi = OutsideProgram.openapi.map { [$0.path] } ?? []
            let result = try await OutsideProgram.run(
                OutsideProgram.python(version), [script, client.baseURL, "k"] + openapi)
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains(" 0 violations"))
        }
    }

    /// Agent frameworks and gateways from PyPI: each makes an assistant, has a function called, streams where it can,
    /// lists and deletes, and all that it gets is held against the schemas.
    @Test(
        .enabled(if: LongTests.areWanted, "needs MUSTER_LONG_TESTS"),
        arguments: [
            "agency-swarm", "autogen-ext", "griptape", "langchain", "litellm", "llamaindex", "marvin", "pyautogen",
            "semantic-kernel",
        ])
    func programsFromElsewhere(program: String) async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = "k"
        try await withServer(configuration) { client in
            let script = OutsideProgram.fixtures.appending(path: "program_tour.py").path
            let openapi = OutsideProgram.openapi.map { [$0.path] } ?? []
            let result = try await OutsideProgram.run(
                OutsideProgram.python(program), [script, program, client.baseURL, "k"] + openapi)
            #expect(result.status == 0, "\(result.output.suffix(4_000))")
            #expect(result.output.contains(" 0 violations"))
        }
    }

    @Test(
        .enabled(if: OutsideProgram.venvs != nil, "needs MUSTER_SDK_VENVS"),
        arguments: [
            ("azure-agents", EmulatorConfiguration.Flavor.foundry), ("azure-projects", .foundry),
            ("azure-approvals", .foundry), ("dashscope", .dashscope),
        ])
    func vendorsOwnClients(program: String, flavor: EmulatorConfiguration.Flavor) async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = "k"
        configuration.flavor = flavor
        configuration.rules = try ModelRules(
            parsing: #"{"rules":[{"says":"issues","calls":[{"server":"github","name":"find","arguments":{"q":1}}]}]}"#)
        try await withServer(configuration) { client in
            let output = try await run(OutsideProgram.python(program), "vendor_tour.py", program, client.baseURL, "k")
            #expect(output.hasSuffix("done\n"))
        }
    }

    @Test(.enabled(if: LongTests.areWanted && OutsideProgram.openapi != nil, "needs MUSTER_LONG_TESTS"))
    func schemathesisFindsNoServerError() async throws {
        let document = try #require(OutsideProgram.openapi)
        let program = try #require(OutsideProgram.venvs).appending(path: "schemathesis/bin/st").path
        try await withServer { client in
            let result = try await OutsideProgram.run(
                program,
                [
                    "run", document.path, "--url", client.baseURL, "--checks", "not_a_server_error",
                    "--exclude-path-regex", "audio", "--max-examples", "15", "--phases", "coverage,fuzzing",
                    "--request-timeout", "20", "--generation-deterministic",
                ])
            #expect(result.status == 0, "\(result.output.suffix(4_000))")
        }
    }

    @Test(.enabled(if: OutsideProgram.isInstalled("chromium"), "needs chromium"))
    func browserShowsThePageAndRunsNothing() async throws {
        try await withServer { client in
            _ = try await client.assistant(["name": "<img src=x onerror=document.title='owned'>研究員"])
            let root = client.baseURL.replacing("/v1", with: "/")
            let result = try await OutsideProgram.run(
                "chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", root])
            #expect(result.output.contains("<h1>Muster local server</h1>"), "\(result.output)")
            #expect(result.output.contains("研究員</h3>"))
            #expect(result.output.contains("<title>Muster local server</title>"))
            #expect(!result.output.contains("<img"))
        }
    }
}
