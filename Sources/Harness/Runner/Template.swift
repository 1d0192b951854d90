package import JSONModel
import Specs

/// Fills `{{…}}` in the texts of a test: `{{name}}` and `{{name.member}}` from its variables, `{{env.NAME}}`, and
/// `{{now}}`.
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
        for part in TemplateText.parts(of: text) {
            switch part {
            case .text(let text): result += text
            case .name(let name): result += try value(of: name).plainText
            }
        }
        return result
    }

    /// Fills in every text of a JSON value, keys excepted. A text that is nothing but the name of a list is that list.
    ///
    /// - Parameter value: such as an assertion's.
    /// - Returns: the value with its texts filled in.
    /// - Throws: ``UnknownName``.
    package func fill(_ value: JSONValue) throws(UnknownName) -> JSONValue {
        if let text = value.string {
            if case .name(let name)? = TemplateText.parts(of: text).first, TemplateText.parts(of: text).count == 1 {
                let value = try self.value(of: name)
                if value.array != nil { return value }
            }
            return .string(try fill(text))
        }
        if let elements = value.array {
            var filled: [JSONValue] = []
            for element in elements { filled.append(try fill(element)) }
            return .array(filled)
        }
        guard let members = value.object else { return value }
        var filled = JSONObject()
        for (key, member) in members { filled[key] = try fill(member) }
        return .object(filled)
    }

    /// Fills in the texts of an assertion, which is then read anew: what became empty or wrong is its problem.
    func fill(_ assertion: AssertionSpec) throws(UnknownName) -> AssertionSpec {
        guard assertion.hasNames else { return assertion }
        var members: [AssertionSpec] = []
        for member in assertion.members { members.append(try fill(member)) }
        return assertion.replacing(
            written: try fill(.object(assertion.written)).object ?? [:], members: members)
    }

    /// Fills in how functions are answered.
    func fill(_ modes: [String: ToolMode]) throws(UnknownName) -> [String: ToolMode] {
        var filled: [String: ToolMode] = [:]
        for (name, mode) in modes { filled[name] = try fill(mode) }
        return filled
    }

    private func fill(_ mode: ToolMode) throws(UnknownName) -> ToolMode {
        switch mode {
        case .server, .forbid: return mode
        case .http(let url): return .http(url: try fill(url))
        case .command(let words, let timeout):
            var filled: [String] = []
            for word in words { filled.append(try fill(word)) }
            return .command(filled, timeout: timeout)
        case .mock(let replies):
            var filled: [MockReply] = []
            for var reply in replies {
                reply.arguments = try reply.arguments.map { value throws(UnknownName) in try fill(value) }
                switch reply.result {
                case .output(let text): reply.result = .output(try fill(text))
                case .failure(let text): reply.result = .failure(try fill(text))
                }
                filled.append(reply)
            }
            return .mock(filled)
        }
    }

    /// The variables, for programs that judge.
    var variablesJSON: JSONObject {
        JSONObject(variables.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
    }

    private func value(of name: String) throws(UnknownName) -> JSONValue {
        if let value = TemplateText.value(of: name, in: variables) { return value }
        if name == "now" { return .string(now) }
        if name.hasPrefix("env."), let value = environment(String(name.dropFirst(4))) { return .string(value) }
        throw UnknownName(name: name)
    }
}
