package import JSONModel
import Specs

/// Fills `{{…}}` in the texts of a test: `{{name}}` from its variables, `{{env.NAME}}`, and `{{now}}`.
///
/// Nothing is evaluated and nothing is filled in twice, so a value that holds braces stays as it is.
package struct Template: Sendable {
    /// A text that cannot be filled in.
    package struct UnknownName: Error, Equatable, CustomStringConvertible {
        package let name: String
        package var description: String { "Nothing is known for {{\(name)}}." }
    }

    private let variables: [String: JSONValue]
    private let environment: @Sendable (String) -> String?
    private let now: String

    /// Sets up what is known.
    ///
    /// - Parameters:
    ///   - variables: values by name; those that are no texts are written as JSON.
    ///   - now: the date and time to show.
    ///   - environment: reads a variable of the process.
    package init(
        variables: [String: JSONValue] = [:], now: String = "", environment: @escaping @Sendable (String) -> String?
    ) {
        self.variables = variables
        self.now = now
        self.environment = environment
    }

    /// Fills in a text.
    ///
    /// - Parameter text: as written.
    /// - Returns: the text to send.
    /// - Throws: ``UnknownName`` for the first name that nothing is known for.
    package func fill(_ text: String) throws(UnknownName) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            result += rest[..<open.lowerBound]
            let name = rest[open.upperBound..<close.lowerBound].filter { !$0.isWhitespace }
            result += try value(of: name)
            rest = rest[close.upperBound...]
        }
        return result + rest
    }

    /// Fills in every text of a JSON value, keys excepted.
    ///
    /// - Parameter value: such as an assertion's.
    /// - Returns: the value with its texts filled in.
    /// - Throws: ``UnknownName``.
    package func fill(_ value: JSONValue) throws(UnknownName) -> JSONValue {
        switch value {
        case .string(let text): return .string(try fill(text))
        case .array(let elements):
            var filled: [JSONValue] = []
            for element in elements { filled.append(try fill(element)) }
            return .array(filled)
        case .object(let members):
            var filled = JSONObject()
            for (key, member) in members { filled[key] = try fill(member) }
            return .object(filled)
        case .null, .bool, .integer, .number, .bigInteger: return value
        }
    }

    /// Fills in the texts of an assertion.
    func fill(_ assertion: AssertionSpec) throws(UnknownName) -> AssertionSpec {
        var filled = assertion
        // A regular expression may well hold two braces in a row.
        if assertion.type != .regex, let value = assertion.value { filled.value = try fill(value) }
        if let arguments = assertion.arguments { filled.arguments = try fill(arguments) }
        filled.members = []
        for member in assertion.members { filled.members.append(try fill(member)) }
        return filled
    }

    /// The variables, for programs that judge.
    var variablesJSON: JSONObject {
        JSONObject(variables.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
    }

    private func value(of name: String) throws(UnknownName) -> String {
        if let value = variables[name] { return value.plainText }
        if name == "now" { return now }
        if name.hasPrefix("env."), let value = environment(String(name.dropFirst(4))) { return value }
        throw UnknownName(name: name)
    }
}
