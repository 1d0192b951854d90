import AssistantsAPI
package import JSONModel
import Specs

/// What the functions of a deployed assistant take, to hold its calls and the tests' mocks against.
package struct FunctionContract: Sendable {
    private let schemas: [String: JSONValue]

    /// Reads the functions of an assistant.
    ///
    /// - Parameter tools: the assistant's `tools`, as the server returned them.
    package init(tools: [JSONValue]) {
        let functions = tools.compactMap { tool -> (String, JSONValue)? in
            guard let name = tool["function"]?["name"]?.string else { return nil }
            return (name, tool["function"]?["parameters"] ?? [:])
        }
        schemas = Dictionary(functions, uniquingKeysWith: { first, _ in first })
    }

    /// The sentence for a test that answers functions which the assistant does not have; nil when there are none.
    func missing(among modes: [String: ToolMode]) -> String? {
        let missing = modes.keys.filter { $0 != "*" && schemas[$0] == nil }.sorted()
        guard !missing.isEmpty else { return nil }
        let present = schemas.isEmpty ? "none" : schemas.keys.sorted().joined(separator: ", ")
        return
            "The test answers \(missing.joined(separator: ", ")), which the assistant does not have; it has \(present)."
    }

    /// What is wrong with calls: one phrase for each problem.
    func problems(of calls: [AnsweredCall]) -> [String] {
        calls.flatMap { answered -> [String] in
            let name = answered.call.name
            guard let schema = schemas[name] else { return ["\(name) is no function of the assistant"] }
            do {
                let arguments = try JSONValue(parsing: answered.call.arguments)
                return JSONSchema.problems(of: arguments, schema).map { "\(name): \($0)" }
            } catch {
                return ["\(name): its arguments are not JSON: \(error)"]
            }
        }
    }
}
