import AssistantsAPI
package import JSONModel
import JSONRules
import Specs

/// What the functions of a deployed assistant take, to hold its calls and the tests' mocks against.
package struct FunctionContract: Sendable {
    private enum Parameters: Sendable {
        case schema(JSONSchema)
        /// What the server has is no schema, for the reason given.
        case broken(String)
    }

    private let functions: [String: Parameters]

    /// Reads the functions of an assistant.
    ///
    /// - Parameter tools: the assistant's `tools`, as the server returned them.
    package init(tools: [JSONValue]) {
        let functions = tools.compactMap { tool -> (String, Parameters)? in
            guard let name = tool["function"]?["name"]?.string else { return nil }
            do {
                return (name, .schema(try JSONSchema(tool["function"]?["parameters"] ?? [:])))
            } catch {
                return (name, .broken("\(error)"))
            }
        }
        self.functions = Dictionary(functions, uniquingKeysWith: { first, _ in first })
    }

    /// The sentence for a test that answers functions which the assistant does not have; nil when there are none.
    func missing(among modes: [String: ToolMode]) -> String? {
        let missing = modes.keys.filter { $0 != "*" && functions[$0] == nil }.sorted()
        guard !missing.isEmpty else { return nil }
        let present = functions.isEmpty ? "none" : functions.keys.sorted().joined(separator: ", ")
        return
            "The test answers \(missing.joined(separator: ", ")), which the assistant does not have; it has \(present)."
    }

    /// Holds calls against the functions.
    func check(_ calls: [AnsweredCall]) -> ContractCheck {
        var problems: [String] = []
        for answered in calls {
            let name = answered.call.name
            guard let parameters = functions[name] else {
                problems.append("\(name) is no function of the assistant")
                continue
            }
            guard let arguments = answered.call.argumentsJSON else {
                problems.append("\(name): its arguments are not JSON")
                continue
            }
            guard arguments.object != nil else {
                problems.append("\(name): its arguments must be a map, not \(arguments.kindName)")
                continue
            }
            switch parameters {
            case .broken(let reason): return .unknown("the deployed function \(name) has no usable schema: \(reason)")
            case .schema(let schema):
                switch schema.verdict(on: arguments) {
                case .fits: continue
                case .differs(let found): problems += found.map { "\(name): \($0)" }
                case .unknown(let reason): return .unknown("\(name): \(reason)")
                }
            }
        }
        return .checked(problems)
    }
}
