import AssistantsAPI
import JSONModel
import Patterns
import TextSafety

/// What the deterministic model answers to certain words, instead of what it would make up.
///
/// The file is JSON: `{"rules": [RULE, …]}`; the first rule that fits counts. ``schema`` says what a rule holds.
package struct ModelRules: Sendable {
    private let rules: [ModelRule]

    /// No rules.
    package init() {
        rules = []
    }

    /// Reads a rules file.
    ///
    /// - Parameter text: the file.
    /// - Throws: ``SettingsError`` naming the first thing that is wrong.
    package init(parsing text: String) throws(SettingsError) {
        let file = try SettingsError.object(parsing: text, known: ["rules"])
        guard let list = file["rules"]?.array else { throw SettingsError("\"rules\" must be a list") }
        var rules: [ModelRule] = []
        for (index, entry) in list.enumerated() { rules.append(try ModelRule(entry, place: "rules[\(index)]")) }
        self.rules = rules
    }

    /// The answer of the first rule that fits. A pattern that takes too long says neither yes nor no, so the run fails
    /// with a message that names it: no later rule may answer in its place.
    func reply(to words: String, round: Int, outputs: String) -> ModelReply? {
        for rule in rules {
            do throws(PatternLimit) {
                if try rule.fits(words, round: round) { return rule.reply(text: words, outputs: outputs) }
            } catch {
                return ModelReply(content: .failure(ModelFailure(code: "server_error", message: "A rule: \(error)")))
            }
        }
        return nil
    }
}

/// A settings file says something that cannot be meant.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    static func object(parsing text: String, known: Set<String>) throws(SettingsError) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text)
        } catch {
            throw SettingsError("not JSON: \(error)")
        }
        guard let object = value.object else { throw SettingsError("the file must hold an object") }
        try check(object, known: known, place: "the file")
        return object
    }

    static func check(_ object: JSONObject, known: Set<String>, place: String) throws(SettingsError) {
        for key in object.keys where !known.contains(key) {
            throw SettingsError(
                "\(place) has the unknown member \"\(key)\"; known are \(known.sorted().joined(separator: ", "))")
        }
    }
}

private struct ModelRule: Sendable {
    private enum Condition {
        case says(String)
        case matches(Pattern)
        case always
    }

    private let condition: Condition
    private let round: Int
    private let content: ModelReply.Content
    private let delay: Duration
    private let pause: Duration

    init(_ json: JSONValue, place: String) throws(SettingsError) {
        guard let rule = json.object else { throw SettingsError("\(place) must be an object") }
        try SettingsError.check(rule, known: Set(ModelRules.keys.keys), place: place)
        condition = try Self.condition(rule, place)
        content = try Self.content(rule, place)
        round = rule["round"]?.int ?? 0
        delay = .milliseconds(rule["delay_ms"]?.int ?? 0)
        pause = .milliseconds(rule["pause_ms"]?.int ?? 0)
    }

    func fits(_ words: String, round: Int) throws(PatternLimit) -> Bool {
        guard round == self.round else { return false }
        switch condition {
        case .always: return true
        case .says(let text): return words.lowercased().contains(text.lowercased())
        case .matches(let pattern): return try pattern.isFound(in: words)
        }
    }

    func reply(text: String, outputs: String) -> ModelReply {
        func filled(_ template: String) -> String {
            template.replacing("{{text}}", with: text).replacing("{{outputs}}", with: outputs)
        }
        let content: ModelReply.Content =
            switch self.content {
            case .text(let template): .text(filled(template))
            case .brokenText(let template, let failure): .brokenText(filled(template), failure)
            case .refusal(let template): .refusal(filled(template))
            case .calls, .code, .failure: self.content
            }
        return ModelReply(content: content, delay: delay, pause: pause)
    }

    private static func condition(_ rule: JSONObject, _ place: String) throws(SettingsError) -> Condition {
        if let text = rule["says"]?.string { return .says(text) }
        if rule["always"]?.bool == true { return .always }
        guard let pattern = rule["matches"]?.string else {
            throw SettingsError("\(place) needs \"says\", \"matches\" or \"always\": true")
        }
        do {
            return .matches(try Pattern(written: pattern))
        } catch {
            throw SettingsError(
                "\(place).matches is no regular expression: \(InertText.excerpt(pattern)) (\(error))")
        }
    }

    private static func content(_ rule: JSONObject, _ place: String) throws(SettingsError) -> ModelReply.Content {
        let text = rule["reply"]?.string
        if let failure = rule["fail"] {
            let failure = ModelFailure(
                code: failure["code"]?.string ?? "server_error", message: failure["message"]?.string ?? "")
            guard ["server_error", "rate_limit_exceeded", "invalid_prompt"].contains(failure.code) else {
                throw SettingsError("\(place).fail.code must be server_error, rate_limit_exceeded or invalid_prompt")
            }
            return text.map { .brokenText($0, failure) } ?? .failure(failure)
        }
        if let text { return .text(text) }
        if let text = rule["refuse"]?.string { return .refusal(text) }
        guard let calls = rule["calls"]?.array, !calls.isEmpty else {
            throw SettingsError("\(place) needs \"reply\", \"calls\", \"refuse\" or \"fail\"")
        }
        var planned: [ModelReply.Call] = []
        for call in calls {
            guard let name = call["name"]?.string else { throw SettingsError("\(place).calls needs names") }
            let arguments = call["arguments"] ?? [:]
            planned.append(
                ModelReply.Call(
                    name: name, arguments: arguments.string ?? arguments.text(),
                    kind: call["server"]?.string.map { .mcp(server: $0) } ?? .function))
        }
        // A run waits for outputs or for approvals, never for both.
        guard planned.allSatisfy({ ($0.kind == .function) == (planned[0].kind == .function) }) else {
            throw SettingsError("\(place).calls must all have a \"server\", or none")
        }
        return .calls(planned)
    }
}
