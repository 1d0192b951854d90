import JSONModel
import JSONRules
import Testing

@Suite struct JSONPathTests {
    @Test(
        "What is no path is refused, with its place",
        arguments: [
            ("items", 0), ("$.", 2), ("$.items[", 8), ("$.items[01]", 8), ("$[?@.a", 6), ("$[?@.* == 1]", 3),
            ("$[?lenght(@.a) > 1]", 3), ("$[?count(1) > 1]", 3), ("$['a]", 2), ("$.a ", 3), ("$[?true]", 3),
        ])
    func refusals(_ text: String, _ place: Int) {
        let problem = #expect(throws: PathProblem.self) { try JSONPath(text) }
        #expect(problem?.offset == place)
    }

    @Test("A path that wants too much of a document ends with an error", .timeLimit(.minutes(1)))
    func bounds() throws {
        let row = JSONValue.array(Array(repeating: [1, 2, 3], count: 300))
        let path = try JSONPath("$..[?count($..*) > 1]")
        #expect(throws: PathLimit.self) { try path.matches(in: .array(Array(repeating: row, count: 10))) }
    }

    @Test("Singular paths are known as such")
    func singular() throws {
        #expect(try JSONPath("$.a[0]['b'][-1]").isSingular)
        #expect(try !JSONPath("$.a[*]").isSingular)
        #expect(try !JSONPath("$..a").isSingular)
    }
}
