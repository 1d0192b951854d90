import AssistantsAPI
import JSONModel

/// Decides what the deterministic model answers: a pure function of the request.
///
/// In order: a rule that fits; the outputs of tools are quoted; a forced tool is called; pictures are described; what the user said
/// before is recalled; passages of files are quoted; sums are computed; a question or a request goes to the function that fits it;
/// anything else is echoed.
struct ReplyPlanner {
    let request: ModelRequest
    var rules = ModelRules()

    /// How much of a quoted text an answer holds, in Unicode scalars.
    private static let quoteLimit = 2_000
    /// How well a passage must fit to be quoted.
    private static let quotableScore = 0.25

    func reply() -> ModelReply {
        let ruled = rules.reply(to: words.text, round: request.rounds.count, outputs: toolOutputs ?? "")
        if let ruled { return ruled }
        if let outputs = toolOutputs { return answer(outputs) }
        if let forced = forcedCall { return forced }
        let turn = currentTurn
        if turn.contains(where: { !$0.images.isEmpty }) { return answer(describe(turn)) }
        if let memory = recall() { return answer("You told me: \(memory)") }
        if let passage = request.passages.first, passage.score >= Self.quotableScore { return answer(quote(passage)) }
        if allowsTools, let computed = compute() { return computed }
        let wantsAnswer = words.isQuestion || words.isRequest || Self.overlap(words, bestFunction) > 0
        if allowsTools, wantsAnswer, let function = fittingFunction { return call(function) }
        return answer(words.text.isEmpty ? "I am ready." : "You said: \(clip(words.text))")
    }

    // MARK: The conversation

    /// What the user said since the assistant last spoke.
    private var currentTurn: [ModelMessage] {
        request.messages.reversed().prefix { $0.isUser }.reversed()
    }

    private var words: UserWords {
        UserWords(currentTurn.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n"))
    }

    /// An earlier statement of the user that shares enough words with the question.
    private func recall() -> String? {
        guard let question = request.messages.last(where: { $0.isUser })?.text else { return nil }
        let asked = UserWords(question)
        let stems = asked.stems
        guard asked.isQuestion, !stems.isEmpty else { return nil }
        let needed = asked.isAboutAuthor ? 0.5 : 0.75
        let statements = request.messages.dropLast().filter(\.isUser).map { UserWords($0.text) }
        let scored = statements.filter { !$0.isQuestion && !$0.text.isEmpty }.map { statement in
            (text: statement.text, score: Double(statement.stems.intersection(stems).count) / Double(stems.count))
        }
        guard let best = scored.max(by: { $0.score < $1.score }), best.score >= needed else { return nil }
        return clip(best.text)
    }

    // MARK: Tools

    private var toolOutputs: String? {
        guard !request.rounds.isEmpty else { return nil }
        let quotes = request.rounds.flatMap { round in
            round.calls.map { "\($0.name) returned: \(clip(round.outputs[$0.id] ?? ""))" }
        }
        return quotes.joined(separator: "\n")
    }

    private var allowsTools: Bool {
        request.toolChoice.string != "none" && !request.tools.isEmpty
    }

    /// What `tool_choice` demands: a named function, the code interpreter, or any tool.
    private var forcedCall: ModelReply? {
        if let name = request.toolChoice["function"]?["name"]?.string {
            return request.functions.first { $0["name"]?.string == name }.map(call)
        }
        if request.toolChoice["type"]?.string == "code_interpreter" { return runCode() }
        guard request.toolChoice.string == "required" else { return nil }
        if let function = fittingFunction { return call(function) }
        return request.hasTool("code_interpreter") ? runCode() : nil
    }

    private var bestFunction: JSONObject? {
        request.functions.enumerated().max {
            (Self.overlap(words, $0.element), -$0.offset) < (Self.overlap(words, $1.element), -$1.offset)
        }?.element
    }

    /// The function whose description shares most with the user's words; failing that, one that finds things out.
    private var fittingFunction: JSONObject? {
        guard let best = bestFunction else { return nil }
        if Self.overlap(words, best) > 0 { return best }
        return request.functions.first { function in
            !Self.searchWords.isDisjoint(with: Self.stems(of: function))
        } ?? best
    }

    private static let searchWords = Set(
        ["search", "internet", "web", "lookup", "query", "find", "knowledge", "retrieve"].map(UserWords.stem))

    private static func overlap(_ words: UserWords, _ function: JSONObject?) -> Int {
        function.map { words.stems.intersection(stems(of: $0)).count } ?? 0
    }

    private static func stems(of function: JSONObject) -> Set<String> {
        let name = (function["name"]?.string ?? "").replacing("_", with: " ").replacing("-", with: " ")
        return UserWords("\(name) \(function["description"]?.string ?? "")").stems
    }

    private func call(_ function: JSONObject) -> ModelReply {
        let schema = function["parameters"]?.unlessNull ?? ["type": "object", "properties": [:]]
        var filler = SchemaFiller(words: words, root: schema)
        guard let filled = try? filler.value() else { return Self.tooLarge }  // the only error
        let arguments = filled.object == nil ? JSONValue.object([:]) : filled
        return ModelReply(content: .calls([.init(name: function["name"]?.string ?? "", arguments: arguments.text())]))
    }

    private static let tooLarge = ModelReply(
        content: .failure(
            ModelFailure(
                code: "invalid_prompt",
                message: "A value of the schema has more than \(SchemaFiller.maximumParts) parts.")))

    private func compute() -> ModelReply? {
        guard request.hasTool("code_interpreter"), let sum = Arithmetic.find(in: words.text) else { return nil }
        return ModelReply(content: .code(input: sum.expression, logs: sum.result, text: "The result is \(sum.result)."))
    }

    private func runCode() -> ModelReply {
        if let computed = compute() { return computed }
        let said = clip(words.text)
        let input = "print(\(JSONValue.string(said).text()))"
        return ModelReply(content: .code(input: input, logs: said, text: "I ran code. It printed: \(said)"))
    }

    // MARK: Words

    /// A text as the run's `response_format` wants it.
    private func answer(_ text: String) -> ModelReply {
        switch request.responseFormat["type"]?.string {
        case "json_object":
            return .text(JSONValue.object(["answer": .string(text)]).text())
        case "json_schema":
            let schema = request.responseFormat["json_schema"]?["schema"] ?? ["type": "object"]
            var filler = SchemaFiller(words: UserWords(text), root: schema)
            guard let filled = try? filler.value() else { return Self.tooLarge }  // the only error
            return .text(filled.text())
        default:
            return .text(text)
        }
    }

    private func describe(_ turn: [ModelMessage]) -> String {
        let images = turn.flatMap(\.images).map(Self.describe)
        let said = words.text.isEmpty ? "" : " You said: \(clip(words.text))"
        let list = images.joined(separator: "; ")
        return (images.count == 1 ? "The image is \(list)." : "There are \(images.count) images: \(list).") + said
    }

    private static func describe(_ image: ModelImage) -> String {
        let size = image.byteCount.map { " (\($0) bytes)" } ?? ""
        if let head = image.head {
            guard let facts = ImageFacts(head) else { return "a file of an unknown kind\(size)" }
            return "a \(facts.format.rawValue) of \(facts.width) x \(facts.height) pixels\(size)"
        }
        return "one at \(image.reference.prefix(200)), which a local server does not fetch"
    }

    private func quote(_ passage: RetrievedPassage) -> String {
        "\(passage.fileName) says: \(clip(passage.text))\(Citations.mark(0, passage))"
    }

    private func clip(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.quoteLimit)))
    }
}
