import JSONModel
import Specs
import States
import TestSupport
import Testing

/// Values carry their secrecy up to the field, whatever field it is.
struct SecrecyTests {
    private let variables = ["S": "s3cret"]

    @Test(arguments: [
        ("name: {env: S, secret: true}", AssistantField.name),
        ("description: {env: S, secret: true}", .description),
        ("instructions: [a, {env: S, secret: true}]", .instructions),
        ("metadata: {k: {env: S, secret: true}}", .metadata),
        ("tools: [{type: function, function: {name: F, description: {env: S, secret: true}}}]", .tools),
        ("tool_resources: {file_search: {vector_store_ids: [{env: S, secret: true}]}}", .toolResources),
    ])
    func everyFieldKnowsThatItIsSecret(_ yaml: String, _ field: AssistantField) throws {
        let model = field == .model ? "" : "model: m\n"
        let fixture = ProjectFixture(["a.yaml": model + yaml + "\n"], variables: variables)
        #expect(fixture.codes == [])
        #expect(try fixture.desired("a").secretFields == [field])
    }

    @Test func aSharedToolIsAsSecretAsItsParts() throws {
        let fixture = ProjectFixture(
            [
                "tools/f.yaml": "type: function\nfunction: {name: F, description: {env: S, secret: true}}\n",
                "a.yaml": "model: m\ntools: [{use: F}]\n", "b.yaml": "model: m\n",
            ], variables: variables)
        #expect(try fixture.desired("a").secretFields == [.tools])
        #expect(try fixture.desired("b").secretFields == [])
    }

    @Test func variablesOfOtherEnvironmentsAreNotNeeded() throws {
        let project = """
            project: p
            environments:
              staging: {base_url: {env: STAGING_URL}}
              production: {base_url: {env: PRODUCTION_URL}, headers: {x: {env: PRODUCTION_TEAM}}}

            """
        let fixture = ProjectFixture(["muster.yaml": project], variables: ["STAGING_URL": "https://a.example"])
        #expect(try fixture.load("staging").environment.baseURL?.value == "https://a.example")
        #expect(throws: ProjectProblems.self) { try fixture.load("production") }
    }
}

/// `{env: x}` and `{file: x}` are data where a map is wanted.
struct MergedDataTests {
    private let project = """
        project: demo
        defaults: {model: m, metadata: {env: prod, tier: gold}}

        """

    @Test(arguments: ["{env: dev}", "{file: x, env: dev}"])
    func metadataMayBeCalledAsReferencesAre(_ metadata: String) throws {
        let fixture = ProjectFixture(["muster.yaml": project, "a.yaml": "metadata: \(metadata)\n"])
        #expect(fixture.codes == [])
        let fields = try fixture.desired("a").fields
        #expect(fields[.metadata]?["env"] == "dev")
        #expect(fields[.metadata]?["tier"] == "gold")
    }

    @Test func aReferenceInsideOfMetadataIsReplacedWhole() throws {
        let spec = "metadata: {tier: {env: TIER}}\n"
        let fixture = ProjectFixture(["muster.yaml": project, "a.yaml": spec], variables: ["TIER": "silver"])
        #expect(try fixture.desired("a").fields[.metadata]?["tier"] == "silver")
    }
}
