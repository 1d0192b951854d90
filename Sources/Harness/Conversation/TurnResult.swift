package import AssistantsAPI
package import AssistantsClient
package import JSONModel

/// What came of one turn: everything that assertions may look at.
package struct TurnResult: Sendable {
    /// The newest text of the assistant; empty when there is none.
    package var text: String
    package var refusals: [String]
    package var hasImage: Bool
    /// Addresses or file ids of the answer's pictures.
    package var images: [String] = []
    /// Ids of the files that the text cites, and of those that come with the answer.
    package var citedFiles: [String] = []
    package var attachedFiles: [String] = []
    /// Names of files by id, as far as they are known.
    package var fileNames: [String: String] = [:]
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
    /// Every function call of the run, in order.
    package var calls: [AnsweredCall]
    /// What is wrong with the calls by the schemas of the deployed functions.
    package var contractProblems: [String] = []
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
        text: String = "", refusals: [String] = [], hasImage: Bool = false, status: RunStatus = .completed,
        failure: RunFailure? = nil, incompleteReason: String? = nil, calls: [AnsweredCall] = [], rounds: Int = 0,
        usage: TokenUsage? = nil, latency: Duration = .zero, firstText: Duration? = nil, longestGap: Duration? = nil,
        runID: String = ""
    ) {
        self.firstText = firstText
        self.longestGap = longestGap
        self.text = text
        self.refusals = refusals
        self.hasImage = hasImage
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

/// A function call and what it was answered.
package struct AnsweredCall: Equatable, Sendable {
    package var call: ToolCall
    package var answer: ToolAnswer

    package init(call: ToolCall, answer: ToolAnswer) {
        self.call = call
        self.answer = answer
    }
}

/// What a function returned.
package struct ToolAnswer: Equatable, Sendable {
    package enum Problem: Equatable, Sendable {
        /// The function failed, and its output tells the model so.
        case failed(String)
        /// The test does not say how to answer this function; holds the lines that would.
        case unknown(stub: String)
        /// The test forbids this call.
        case forbidden
    }

    package var output: String
    package var problem: Problem?

    package init(_ output: String, problem: Problem? = nil) {
        self.output = output
        self.problem = problem
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
    /// The run waits for something that is no function call.
    case nothingToAnswer(runID: String)
    case noMessage(runID: String)

    package var description: String {
        switch self {
        case .client(let error): error.description
        case .timedOut(let limit, let status):
            "The run did not end within \(limit.words); it was \(status?.word ?? "never seen")."
        case .tooManyRounds(let rounds): "The run asked for tool outputs \(rounds) times and was cancelled."
        case .nothingToAnswer(let runID): "The run \(runID) waits for something that is no function call."
        case .noMessage(let runID): "The run \(runID) ended without a message of the assistant."
        }
    }
}
