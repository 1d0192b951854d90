import Foundation
import JSONModel
import Specs
import States
import TestSupport
import Testing

/// What an environment says about the way to its server, and what of other dialects a spec may hold.
struct EnvironmentReachTests {
    private func fixture(
        _ settings: String, _ files: [String: String] = [:], variables: [String: String] = [:]
    ) -> ProjectFixture {
        let project = """
            project: demo
            environments:
              e:
                base_url: https://example.test/v1
            \(settings.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))

            """
        return ProjectFixture(
            ["muster.yaml": project, "a.yaml": "model: m\n"].merging(files) { $1 }, variables: variables)
    }

    private func environment(
        _ settings: String, _ files: [String: String] = [:], variables: [String: String] = [:]
    ) throws -> EnvironmentSpec {
        try fixture(settings, files, variables: variables).load("e").environment
    }

    @Test func aQueryGoesWithEveryRequest() throws {
        let query = try environment("query: {api-version: v1, team: {env: TEAM}}", variables: ["TEAM": "blue\n"]).query
        #expect(query.map { "\($0.name)=\($0.value)" } == ["api-version=v1", "team=blue"])
    }

    @Test func aKeyInAQueryIsNotWrittenDown() {
        #expect(fixture("query: {subscription-key: k}").codes == ["key-in-file"])
        #expect(fixture("query: {subscription-key: {env: K, secret: true}}", variables: ["K": "k"]).codes == [])
    }

    @Test(arguments: [
        ("proxy: none", NetworkSpec.Proxy.none), ("", .ofVariables),
        ("proxy: http://proxy.test:3128", .server("http://proxy.test:3128")),
        ("proxy: proxy.test:3128", .server("http://proxy.test:3128")),
        ("proxy: {env: P}", .server("http://kim:s3cret@proxy.test:1")),
        (
            "proxy: {server: proxy.test:1, user: {env: U}, password: {env: W}}",
            .server("http://kim:p%40s@proxy.test:1")
        ),
    ])
    func aProxyIsRead(settings: String, proxy: NetworkSpec.Proxy) throws {
        let variables = ["U": "kim", "W": "p@s", "P": "http://kim:s3cret@proxy.test:1"]
        #expect(try environment(settings, variables: variables).network.proxy == proxy)
    }

    @Test(arguments: [
        ("proxy: http://kim:s3cret@proxy.test", "key-in-file"), ("proxy: socks5://proxy.test", "bad-address"),
        ("proxy: {server: proxy.test, password: s3cret}", "key-in-file"),
        ("client_key: /k.pem", "missing-key"), ("client_certificate: /c.pem", "missing-key"),
        ("client_certificate: /c.pem\nclient_key: k.pem", "key-in-file"),
        ("dialect: foundri", "unknown-value"), ("ca_file: none.pem", "unreadable-file"),
    ])
    func whatCannotBeMeantIsRefused(settings: String, code: String) {
        #expect(fixture(settings).codes.contains(code))
    }

    @Test func anAuthorityOfTheProjectIsReadWithIt() throws {
        let network = try environment("ca_file: certs/ca.pem", ["certs/ca.pem": "PEM"]).network
        #expect(network.authorities == .contents(Array("PEM".utf8), path: "certs/ca.pem"))
    }

    @Test func aKeyOfTheMachineIsNamedOnly() throws {
        let network = try environment("client_certificate: /c.pem\nclient_key: ~/k.pem").network
        #expect(network.certificate?.certificate == .file("/c.pem"))
        #expect(network.certificate?.key == .file(NSHomeDirectory() + "/k.pem"))
    }

    @Test func everyWayToTheServerIsADifference() throws {
        let plain = try environment("")
        let other = try environment("query: {v: a}\nproxy: none\nca_file: /c.pem\ndialect: foundry")
        #expect(other.differences(from: plain) == ["query", "proxy", "ca_file", "dialect"])
    }
}

/// Tools and fields that only some dialect has.
struct ForeignPartTests {
    private func fields(_ spec: String, variables: [String: String] = [:]) throws -> DesiredAssistant {
        try ProjectFixture(["a.yaml": "model: m\n\(spec)\n"], variables: variables).desired("a")
    }

    @Test func aToolOfAnyTypeIsPassedThrough() throws {
        let tool = "tools: [{type: mcp, server_label: x, allowed_tools: [a, 1.5], headers: {env: {a: b}}}]"
        #expect(
            try fields(tool).fields[.tools] == [
                [
                    "type": "mcp", "server_label": "x", "allowed_tools": ["a", 1.5],
                    "headers": ["env": ["a": "b"]],
                ]
            ])
    }

    @Test func aSecretInsideOfOneHidesTheTools() throws {
        let tool = "tools: [{type: mcp, server_label: x, headers: {token: {env: T, secret: true}}}]"
        let desired = try fields(tool, variables: ["T": "s3cret"])
        #expect(desired.fields[.tools]?[0]?["headers"]?["token"] == "s3cret")
        #expect(desired.secretFields == [.tools])
    }

    @Test func twoToolsOfOneTypeAreTwo() {
        let codes = { (tools: String) in ProjectFixture(["a.yaml": "model: m\ntools: [\(tools)]\n"]).codes }
        #expect(codes("{type: mcp, server_label: a}, {type: mcp, server_label: b}") == [])
        #expect(codes("{type: mcp, server_label: a, x: 1}, {type: mcp, server_label: a}") == ["duplicate-tool"])
        #expect(codes("{type: bing_grounding, a: 1}, {type: bing_grounding, a: 2}") == [])
        #expect(codes("{type: bing_grounding, a: 1}, {type: bing_grounding, a: 1}") == ["duplicate-tool"])
    }

    @Test func aMisspeltTypeIsNotPassedThrough() {
        #expect(ProjectFixture(["a.yaml": "model: m\ntools: [{type: functoin}]\n"]).codes == ["unknown-value"])
    }

    @Test func resourcesOfAnyKindArePassedThrough() throws {
        let resources =
            "tool_resources: {azure_ai_search: {indexes: [{name: a}]}, file_search: {vector_store_ids: [v]}}"
        #expect(
            try fields(resources).fields[.toolResources] == [
                "azure_ai_search": ["indexes": [["name": "a"]]], "file_search": ["vector_store_ids": ["v"]],
            ])
        let codes = ProjectFixture(["a.yaml": "model: m\ntool_resources: {file_serch: {}}\n"]).codes
        #expect(codes == ["unknown-key"])
    }

    @Test func furtherFieldsAreHeldTogether() throws {
        #expect(try fields("extra: {top_k: 10, seed: 1.0e-5}").fields[.extra] == ["top_k": 10, "seed": 0.00001])
        #expect(ProjectFixture(["a.yaml": "model: m\nextra: {metadata: {}}\n"]).codes == ["reserved-key"])
    }

    /// A server's map of that form would send a variable of the runner back to it.
    @Test(
        arguments: [
            (["type": "mcp", "x": ["env": "HOME"]], false),
            (["type": "mcp", "x": ["y": ["file": "/etc/passwd"]]], false),
            (["type": "mcp", "x": [["env": "HOME", "secret": true]]], false),
            (["type": "mcp", "x": ["env": ["a": 1]]], true), (["type": "mcp", "x": ["env": "a", "other": "b"]], true),
        ] as [(JSONValue, Bool)])
    func aServersReferenceIsNeverWrittenDown(tool: JSONValue, isFit: Bool) {
        #expect(WritableFields.unfit(in: [.tools: [tool]]).isEmpty == isFit)
        #expect(WritableFields.unfit(in: [.extra: ["a": tool]]).isEmpty == isFit)
        #expect(WritableFields.unfit(in: [.toolResources: ["azure": tool]]).isEmpty == isFit)
    }
}
