package import Diagnostics
package import JSONModel

/// One test of an assistant: what is said, what its tools answer, and what must be true afterwards.
///
/// Texts are as written, `{{…}}` included; the harness fills them in when it runs the test.
package struct TestSpec: Equatable, Sendable {
    package var name: String
    /// Where the test is written; nil for one that was made by a program.
    package var range: SourceRange?
    /// In order, on one thread. A test with `prompt` or `messages` has one.
    package var turns: [TurnSpec]
    /// How calls of functions are answered, by the function's name; `*` stands for every other function.
    package var tools: [String: ToolMode]
    /// Whether tools of MCP servers may be called, by the server's label.
    package var approvals: [String: ApprovalMode] = [:]
    package var run: RunSpec
    /// Values for `{{name}}`.
    package var variables: [String: JSONValue]
    /// The most time that all turns together may take; nil for the suite's own.
    package var timeout: Duration?
    /// The weighted score that the test must reach, 0 to 1, whatever its assertions say one by one; nil when every
    /// assertion must hold.
    package var threshold: Double?
    /// What the test says about itself, for reports; goes to the run as its metadata too.
    package var metadata: [String: String] = [:]
    package var tags: [String]
    /// Why the test is not run; nil when it is.
    package var skip: String?
    /// The number of the record of data that it was made from; nil for a test that has none.
    var number: Int?
    /// Where that record stands, as `rows.csv:3`; nil where only its file is known.
    package var dataPlace: String?
    /// When any test of a project is marked so, only such tests are run.
    package var only: Bool
    /// Tests of one group run one after the other; nil for a test that may run beside any other.
    package var serialGroup: String?
    /// A program to run before the thread is made; the JSON object that it may write gives further variables.
    package var setup: [String] = []
    /// A program to run at the end, whatever happened.
    package var teardown: [String] = []
    /// How often the test is run, at least once.
    package var repetitions: Int
    /// How many of the repetitions must pass.
    package var minimumPasses: Int

    package init(
        name: String, range: SourceRange? = nil, turns: [TurnSpec], tools: [String: ToolMode] = [:],
        run: RunSpec = RunSpec(), variables: [String: JSONValue] = [:], timeout: Duration? = nil, tags: [String] = [],
        skip: String? = nil, only: Bool = false, repetitions: Int = 1, minimumPasses: Int? = nil
    ) {
        self.name = name
        self.range = range
        self.turns = turns
        self.tools = tools
        self.run = run
        self.variables = variables
        self.timeout = timeout
        self.tags = tags
        self.skip = skip
        self.only = only
        self.repetitions = repetitions
        self.minimumPasses = minimumPasses ?? repetitions
    }
}

extension TestSpec {
    /// Whether only a streamed run shows what some assertion looks at.
    package var needsStream: Bool {
        turns.contains { turn in turn.assertions.flatMap(\.withMembers).contains { $0.type.needsStream } }
    }
}

/// What is said at once, and what must be true of the answer.
package struct TurnSpec: Equatable, Sendable {
    package var messages: [MessageSpec]
    package var assertions: [AssertionSpec]
    /// How calls of this turn are answered, over what the test says.
    package var tools: [String: ToolMode]
    package var approvals: [String: ApprovalMode] = [:]
    /// The most time that this turn may take; nil for what is left of the test's.
    package var timeout: Duration?
    /// Without this, an answer of nothing fails every assertion on it, the negated ones too.
    package var mayBeEmpty: Bool

    package init(
        messages: [MessageSpec], assertions: [AssertionSpec], tools: [String: ToolMode] = [:],
        timeout: Duration? = nil, mayBeEmpty: Bool = false
    ) {
        self.mayBeEmpty = mayBeEmpty
        self.messages = messages
        self.assertions = assertions
        self.tools = tools
        self.timeout = timeout
    }
}

/// One message that a test adds to its thread.
package struct MessageSpec: Equatable, Sendable {
    package enum Part: Equatable, Sendable {
        case text(String)
        /// An address that the server fetches, or a `data:` URL.
        case imageURL(String)
        /// A picture of the project, sent as a `data:` URL or uploaded, as its environment says.
        case image(path: String, bytes: [UInt8])
        /// A picture that the server has already.
        case imageFile(id: String)
    }

    /// `user` or `assistant`.
    package var role: String
    package var parts: [Part]
    package var attachments: [AttachmentSpec]

    package init(role: String = "user", parts: [Part], attachments: [AttachmentSpec] = []) {
        self.role = role
        self.parts = parts
        self.attachments = attachments
    }
}

/// A file that goes with a message, for the assistant's own tools to read.
package struct AttachmentSpec: Equatable, Sendable {
    package enum Source: Equatable, Sendable {
        /// A file of the project, uploaded for the test and deleted after it.
        case file(path: String, bytes: [UInt8])
        /// A file that the server has already.
        case uploaded(id: String)
    }

    package var source: Source
    /// `file_search`, `code_interpreter` or both. docs/protocol.md#messages.
    package var tools: [String]

    package init(_ source: Source, tools: [String] = ["file_search"]) {
        self.source = source
        self.tools = tools
    }
}

/// What a test changes about its runs.
package struct RunSpec: Equatable, Sendable {
    /// Replaces the assistant's instructions.
    package var instructions: String?
    /// Is added to the assistant's instructions.
    package var additionalInstructions: String?
    /// Further fields as they go over the wire, such as `tool_choice` or `temperature`.
    package var options: JSONObject

    package init(instructions: String? = nil, additionalInstructions: String? = nil, options: JSONObject = [:]) {
        self.instructions = instructions
        self.additionalInstructions = additionalInstructions
        self.options = options
    }
}

/// Who answers the calls of a function during a test.
package enum ToolMode: Equatable, Sendable {
    /// The server's own plugin of that name. docs/protocol.md#davinci.
    case server
    /// Written answers, tried in order.
    case mock([MockReply])
    /// A program that reads the arguments from its standard input and writes the output.
    case command([String], timeout: Duration)
    /// An address that the arguments are posted to.
    case http(url: String)
    /// The function must not be called.
    case forbid
}

/// What is said when the platform asks whether it may call a tool of an MCP server. docs/dialects.md#approvals.
package enum ApprovalMode: String, CaseIterable, Sendable {
    case approve, deny
    /// The tool must not even be asked for.
    case forbid
}

/// One written answer of a mocked function.
package struct MockReply: Equatable, Sendable {
    package enum Result: Equatable, Sendable {
        case output(String)
        /// An output that says that the function failed.
        case failure(String)
    }

    /// The arguments that it answers: each member given here must be equal there. Nil answers every call.
    package var arguments: JSONValue?
    package var result: Result
    /// How long the answer takes.
    package var delay: Duration
    /// True for one answer of a sequence, which is used up.
    package var once: Bool

    package init(arguments: JSONValue? = nil, result: Result, delay: Duration = .zero, once: Bool = false) {
        self.arguments = arguments
        self.result = result
        self.delay = delay
        self.once = once
    }
}
