import AssistantsClient
import JSONModel
import Planning
import Reconciling
import States
import TestSupport
import Testing

/// Whatever was observed before an apply, a rollback restores it exactly.
struct RollbackPropertyTests {
    private static let values: [AssistantField: [JSONValue?]] = [
        .name: [nil, "a", "機器人"], .description: [nil, "x"], .instructions: [nil, "one\n\ntwo\n", "1"],
        .temperature: [nil, 0, 0.5], .topP: [nil, 0.2], .metadata: [nil, ["k": "v"], ["k": "w", "l": "v"]],
        .responseFormat: [nil, ["type": "json_object"]],
        .tools: [nil, [["type": "code_interpreter"], ["type": "function", "function": ["name": "F"]]]],
    ]

    @Test func aRollbackRestoresExactlyWhatWasObserved() async throws {
        try await Bench.with { bench in
            let ownership = Ownership(server: try bench.server(), history: bench.history)
            var random = SystemRandomNumberGenerator()
            for number in 1...25 {
                let key: AssistantKey = "bot-\(number)"
                let (first, edit, second) = (Self.fields(&random), Self.fields(&random), Self.fields(&random))
                func spec(_ fields: [AssistantField: JSONValue]) -> [DesiredAssistant] {
                    [DesiredAssistant(key: key, fields: fields.merging([.model: "m"]) { $1 })]
                }
                try await bench.apply(spec(first))
                let id = try #require(try await bench.observe().oldest(of: key)?.id)
                // Somebody edits it; metadata would take the marks away, so that stays.
                _ = try await bench.client.updateAssistant(
                    id.text, JSONObject(edit.filter { $0.key != .metadata }.map { ($0.key.rawValue, $0.value) }))
                let observed = try await bench.client.assistant(id.text)
                var changed = spec(second)
                changed[0].fields[.description] = "never \(number)"
                try await bench.apply(changed)
                let entry = try #require(bench.history.entries(owner: bench.owner, key: key).first)
                _ = try await ownership.restore(entry, secrets: nil)
                #expect(try await bench.client.assistant(id.text) == observed, "\(first) \(edit) \(second)")
                try await bench.client.deleteAssistant(id.text)
            }
        }
    }

    private static func fields(_ random: inout some RandomNumberGenerator) -> [AssistantField: JSONValue] {
        var fields: [AssistantField: JSONValue] = [:]
        for (field, values) in values { fields[field] = values.randomElement(using: &random) ?? nil }
        return fields
    }
}
