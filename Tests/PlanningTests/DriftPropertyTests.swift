import JSONModel
import Planning
import States
import TestSupport
import Testing

/// Random desired, applied and observed states: the classification of every field equals a written-out table, and after
/// an apply nothing is left to do.
struct DriftPropertyTests {
    private let planner = Planner(hash: testHash)
    private static let values: [AssistantField: [JSONValue?]] = [
        .name: [nil, "a", "b", ""], .description: [nil, "x", "y"], .instructions: [nil, "one\n", "two\n", "one"],
        .model: ["m", "n"], .temperature: [nil, 0, 0.5, 1, .number(1)], .topP: [nil, 0.2, 1],
        .metadata: [nil, ["k": "v"], ["k": "w", "l": "v"]], .responseFormat: [nil, "auto", ["type": "json_object"]],
        .tools: [
            nil, [], [["type": "code_interpreter"]],
            [["type": "function", "function": ["name": "F"]], ["type": "code_interpreter"]],
            [["type": "code_interpreter"], ["type": "function", "function": ["name": "F", "strict": false]]],
        ],
        .toolResources: [nil, [:], ["code_interpreter": ["file_ids": ["f"]]]],
    ]

    /// What a field's row of the table says.
    private enum Verdict: Hashable { case same, change, drift, conflict }

    /// The table: which pairs of the three values mean the same decides.
    ///
    /// | desired = observed | desired = applied | observed = applied | verdict |
    /// |---|---|---|---|
    /// | yes | | | same |
    /// | no | yes | no | drift |
    /// | no | no | yes | change |
    /// | no | no | no | conflict |
    private static func verdict(
        _ field: AssistantField, _ desired: JSONValue?, _ applied: JSONValue?, _ observed: JSONValue?
    )
        -> Verdict
    {
        let (d, a, o) = (field.normalForm(of: desired), field.normalForm(of: applied), field.normalForm(of: observed))
        if d == o { return .same }
        if d == a { return .drift }
        return a == o ? .change : .conflict
    }

    @Test(arguments: 0..<300)
    func everyFieldIsClassifiedAsTheTableSays(_ seed: Int) throws {
        var random = Chance(seed: UInt64(seed))
        let (applied, desired) = (Self.fields(&random), Self.fields(&random))
        let observed = Self.fields(&random)
        var server = ModelServer()
        server.apply(plan(applied, server))
        // Somebody edits what was applied into what is observed.
        server.assistants = server.assistants.map { old in
            var fields = ModelServer.defaults
            for (field, value) in observed { fields[field] = value }
            return OwnedAssistant(id: old.id, marks: old.marks, createdAt: old.createdAt, fields: fields)
        }
        let plan = plan(desired, server)
        let change = try #require(plan.changes.first)
        for field in Self.values.keys {
            let expected = Self.verdict(field, desired[field], applied[field], observed[field])
            let found = change.fields.first { $0.field == field }.map { found -> Verdict in
                switch found.cause {
                case .change, .unknown: .change
                case .drift: .drift
                case .conflict: .conflict
                }
            }
            #expect((found ?? .same) == expected, "\(field.rawValue)")
        }
        server.apply(plan)
        #expect(self.plan(desired, server).isEmpty)
    }

    private func plan(_ fields: [AssistantField: JSONValue], _ server: ModelServer) -> Plan {
        planner.plan(
            desired: DesiredState(owner: "p/e", assistants: [DesiredAssistant(key: "bot", fields: fields)]),
            observed: server.state, environment: "e")
    }

    private static func fields(_ random: inout Chance) -> [AssistantField: JSONValue] {
        var fields: [AssistantField: JSONValue] = [:]
        for (field, values) in values.sorted(by: { $0.key < $1.key }) {
            fields[field] = values.randomElement(using: &random) ?? nil
        }
        return fields
    }
}
