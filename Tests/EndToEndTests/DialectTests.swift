import AssistantsClient
import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// Muster's whole round against servers of other dialects.
struct DialectTests {
    private static let spec = """
        model: gpt-4o
        instructions: Be brief.
        tools:
          - type: function
            function:
              name: SEARCH
              description: search the internet
              parameters: {type: object, properties: {query: {type: string}}, required: [query]}
          - {type: mcp, server_label: github, server_url: "https://mcp.test/", headers: {token: {env: TOK, secret: true}}}
          - {type: mcp, server_label: wiki, server_url: "https://wiki.test/"}
          - {type: quark_search}
        tool_resources: {azure_ai_search: {indexes: [{index_name: a}]}}
        extra: {top_k: 10}
        tests:
          - name: searches
            prompt: Please search for Paris
            tools: {SEARCH: {mode: mock, output: PARIS}}
            assert: [{type: contains, value: PARIS}]

        """

    private func withProject(
        _ flavor: EmulatorConfiguration.Flavor, _ body: (CommandFixture, String) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration()
        configuration.flavor = flavor
        try await withEmulator(configuration) { address in
            try await withTemporaryDirectory { folder in
                let project = """
                    project: p
                    default_environment: live
                    environments:
                      live: {base_url: "\(address)", dialect: \(flavor.rawValue)}

                    """
                try folder.write(["muster.yaml": project, "bot.yaml": Self.spec])
                var muster = CommandFixture(folder: folder)
                muster.environment["TOK"] = "canary-token"
                try await body(muster, address)
            }
        }
    }

    @Test(arguments: [EmulatorConfiguration.Flavor.foundry, .dashscope])
    func aProjectPlansAppliesSettlesTestsAndGoes(flavor: EmulatorConfiguration.Flavor) async throws {
        try await withProject(flavor) { muster, _ in
            let planned = try await muster.run("plan")
            #expect(planned.status == 0, "\(planned.errors)")
            #expect(planned.output.contains(#"{"top_k":10}"#))
            #expect(!planned.output.contains("canary-token"))
            let applied = try await muster.run("apply", "--auto-approve")
            #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
            #expect(try await muster.run("plan", "--detailed-exitcode").status == 0)
            let tested = try await muster.run("test")
            #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
            let listed = try await muster.run("list", "--format", "env")
            #expect(listed.output.hasPrefix("BOT_ASSISTANT_ID="))
            let destroyed = try await muster.run("destroy", "--auto-approve", "--allow-delete")
            #expect(destroyed.status == 0, "\(destroyed.output)\(destroyed.errors)")
        }
    }

    @Test func whatIsImportedPlansToNoChanges() async throws {
        try await withProject(.foundry) { muster, address in
            let body = #"""
                {"model":"m","name":"x","top_k":4,"later":{"a":[1e-5,18446744073709551615]},"tools":[
                {"type":"mcp","server_label":"a","x":{"y":[null,"是"]}},{"type":"openapi","openapi":{"name":"q"}}],
                "tool_resources":{"azure_ai_search":{"indexes":[]}}}
                """#
            let made = try await withHTTPTransport { transport in
                try await AssistantsClient(baseURL: address, dialect: .foundry, transport: transport).createAssistant(
                    try JSONValue(parsing: body).object ?? [:])
            }
            let id = try #require(made["id"]?.string)
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let imported = try await muster.run("import", id, "--key", "x")
            #expect(imported.status == 0, "\(imported.errors)")
            let planned = try await muster.run("plan")
            #expect(planned.output.contains("No changes"), "\(planned.output)\(planned.errors)")
        }
    }

    @Test func aListIsThereForProgramsToo() async throws {
        try await withProject(.foundry) { muster, _ in
            let before = try await muster.run("list", "--format", "env")
            #expect(before.status == 3)
            #expect(before.errors.contains("not deployed in live: bot"))
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let json = try JSONValue(parsing: try await muster.run("list", "--format", "json").output)
            #expect(json["assistants"]?[0]?["key"] == "bot")
            #expect(json["assistants"]?[0]?["state"] == "as_specified")
            #expect(json["assistants"]?[0]?["id"]?.string?.hasPrefix("asst_") == true)
            let offline = try await muster.run("list", "--offline")
            #expect(offline.status == 3)
            #expect(offline.errors.contains("identity: file"))
        }
    }
}
