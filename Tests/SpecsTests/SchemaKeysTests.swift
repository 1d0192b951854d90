import JSONModel
import Testing

@testable import Specs

/// What editors are told of the keys of a file is what is read.
struct SchemaKeysTests {
    private func expect(_ schema: JSONValue?, has keys: [String], _ what: String) {
        #expect(Set(schema?["properties"]?.object?.keys ?? []) == Set(keys), "\(what)")
    }

    @Test func everyKeyIsInTheSchemaAndNoOther() {
        let project = SpecSchema.project.json
        expect(project, has: ProjectFile.keys, "muster.yaml")
        let environment = project["properties"]?["environments"]?["additionalProperties"]?["anyOf"]?[0]
        expect(environment, has: EnvironmentSpec.keys, "an environment")
        expect(project["properties"]?["judge"], has: JudgeSpec.keys, "the judge")
        expect(SpecSchema.assistant.json, has: AssistantSpec.keys, "a spec")
        expect(SpecSchema.assistant.json["$defs"]?["fields"], has: AssistantSpec.mergedKeys, "defaults and overrides")
        expect(SpecSchema.knowledge.json, has: KnowledgeSpec.keys, "a store")
        expect(SpecSchema.tests.json["anyOf"]?[1], has: TestFile.keys, "a file of tests")
        let test = SpecSchema.tests.json["$defs"]?["test"]
        expect(test, has: TestDecoder.keys, "a test")
        expect(test?["properties"]?["turns"]?["items"], has: TestDecoder.turnKeys, "a turn")
        expect(
            test?["properties"]?["messages"]?["items"]?["anyOf"]?[1], has: TestDecoder.messageKeys, "a message")
    }
}
