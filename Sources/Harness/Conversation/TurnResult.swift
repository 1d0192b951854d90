package import AssistantsAPI
package import AssistantsClient
package import JSONModel

/// What an assistant said and gave in one turn.
package struct Answer: Equatable, Sendable {
    /// One text for each message that has one, oldest first.
    package var texts: [String] = []
    package var refusals: [String] = []
    /// Addresses or file ids of the pictures.
    package var images: [String] = []
    /// Ids of the files that the texts cite, and of those that come with the messages.
    package var citedFiles: [String] = []
    package var attachedFiles: [String] = []

    package init(texts: [String] = [], refusals: [String] = []) {
        self.texts = texts.filter { !$0.isEmpty }
        self.refusals = refusals
    }

    /// Takes in one message.
    init(_ messages: [Message]) {
        self.init(
            texts: messages.map { Self.trimmed($0.text) }, refusals: messages.flatMap(\.refusals))
        images = messages.flatMap(\.images)
        citedFiles = messages.flatMap(\.citedFiles)
        attachedFiles = messages.flatMap(\.attachedFiles)
    }

    /// Everything that was said, in order: what assertions on text look at.
    package var text: String { (texts + refusals).joined(separator: "\n\n") }

    /// The newest text.
    package var lastText: String { texts.last ?? refusals.last ?? "" }

    package var hasImage: Bool { !images.isEmpty }

    /// True when there is nothing but white space.
    package var isEmpty: Bool {
        images.isEmpty && attachedFiles.isEmpty && (texts + refusals).allSatisfy { $0.allSatisfy(\.isWhitespace) }
    }

    /// Servers add or trim a final line break (docs/protocol.md#tolerance), so it cannot mean anything.
    static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}

/// What came of one turn: everything that assertions may look at.
package struct TurnResult: Sendable {
    package var answer: Answer
    /// Names of files by id, as far as they are known.
    package var fileNames: [String: String] = [:]
    /// Their paths in the project by id, as their stores' entries say them; nil where nobody asked.
    package var filePaths: [String: String]?
    /// The run's steps, as the server tells them; nil when nobody asked, or the server does not say.
    package var steps: [JSONValue]?
    /// The model that ran, and what its tokens cost in US dollars; nil when they are not known.
    package var model: String?
    package var cost: Double?
    /// What was wrong with the streams of this turn, though the answer came.
    package var streamProblems: [String] = []
    package var status: RunStatus
    package var failure: RunFailure?
    package var incompleteReason: String?
    /// Every call that the run waited for, in order: functions, and tools of MCP servers.
    package var calls: [AnsweredCall]
    /// Those of functions.
    package var functionCalls: [AnsweredCall] { calls.filter { $0.call.kind == .function } }
    /// The calls held against the schemas of the deployed functions.
    package var contractCheck = ContractCheck.notDone
    /// How often the run waited for tool outputs.
    package var rounds: Int
    package var usage: TokenUsage?
    /// From the request that started the run until its end was seen.
    package var latency: Duration
    /// When the first piece of text came, and the longest pause between two pieces; nil when the run was not streamed.
    package var firstText: Duration?
    package var longestGap: Duration?
    package var runID: String

    package init(
        _ answer: Answer, status: RunStatus = .completed, failure: RunFailure? = nil, incompleteReason: String? = nil,
        calls: [AnsweredCall] = [], rounds: Int = 0,
        usage: TokenUsage? = nil, latency: Duration = .zero, firstText: Duration? = nil, longestGap: Duration? = nil,
        runID: String = ""
    ) {
        self.firstText = firstText
        self.longestGap = longestGap
        self.answer = answer
        self.status = status
        self.failure = failure
        self.incompleteReason = incompleteReason
        self.calls = calls
        self.rounds = rounds
        self.usage = usage
        self.latency = latency
        self.runID = runID
    }
}

/// Whether the calls of a turn fit the functions as they are deployed.
package enum ContractCheck: Equatable, Sendable {
    /// Nobody knows what the functions take.
    case notDone
    /// One phrase for each problem.
    case checked([String])
    /// It could not be told, for the reason given.
    case unknown(String)
}

/// A call and what it was answered.
package struct AnsweredCall: Equatable, Sendable {
    package var call: ToolCall
    package var answer: ToolAnswer

    package init(call: ToolCall, answer: ToolAnswer) {
        self.call = call
        self.answer = answer
    }
}

/// What a call was answered.
package struct ToolAnswer: Equatable, Sendable {
    package enum Problem: Equatable, Sendable {
        /// The function failed, as its test wants it, or as the server's own did; its output tells the model so.
        case failed(String)
        /// The answer that the test asks for could not be had, so what the model said after it proves nothing.
        case unavailable(String)
        /// The test does not say how to answer this function; holds the lines that would.
        case unknown(stub: String)
        /// The test forbids this call.
        case forbidden
    }

    /// What goes back to the run.
    package enum Given: Equatable, Sendable {
        /// What the function returned.
        case output(String)
        /// Whether the platform may call the tool itself.
        case approval(Bool)
    }

    package let given: Given
    package let problem: Problem?

    package init(_ output: String, problem: Problem? = nil) {
        given = .output(output)
        self.problem = problem
    }

    package init(isApproved: Bool, problem: Problem? = nil) {
        given = .approval(isApproved)
        self.problem = problem
    }

    /// As people read it.
    package var output: String {
        switch given {
        case .output(let output): output
        case .approval(let isApproved): isApproved ? "approved" : "denied"
        }
    }
}

/// Something that happens while a turn goes on, for those who watch.
package enum ConversationEvent: Sendable {
    case run(RunStatus)
    case calling(ToolCall)
    case called(AnsweredCall)
    /// A piece of the answer, while it is being written.
    case text(String)
}

/// Why a turn has no result.
package enum ConversationError: Error, Sendable, CustomStringConvertible {
    case client(AssistantsError)
    case timedOut(after: Duration, status: RunStatus?)
    case tooManyRounds(Int)
    /// The run waits for something that Muster cannot give: of this type, where the server says one.
    case nothingToAnswer(runID: String, type: String?)
    case noMessage(runID: String)

    package var description: String {
        switch self {
        case .client(let error): error.description
        case .timedOut(let limit, let status):
            "The run did not end within \(limit.words); it was \(status?.word ?? "never seen")."
        case .tooManyRounds(let rounds): "The run asked for tool outputs \(rounds) times and was cancelled."
        case .nothingToAnswer(let runID, let type?): "The run \(runID) waits for \(type), which Muster does not know."
        case .nothingToAnswer(let runID, nil): "The run \(runID) requires an action, and does not say of which calls."
        case .noMessage(let runID): "The run \(runID) ended without a message of the assistant."
        }
    }
}
