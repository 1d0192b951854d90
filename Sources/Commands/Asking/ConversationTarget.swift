import AssistantsAPI
import AssistantsClient
import Foundation
import Harness
import Reporting
import Specs
import States

/// The assistant that a person talks to, and what its conversation needs.
struct ConversationTarget: Sendable {
    let id: String
    let client: AssistantsClient
    /// Where threads are written down; nil without a project.
    let journal: CreationJournal?
    let pictures: Pictures
    let console: Console

    /// Runs `body` with the assistant of a key or an id.
    ///
    /// - Parameters:
    ///   - word: a key of the project, where there is one, or any id.
    ///   - common: `-C`.
    ///   - options: which server.
    ///   - console: for problems.
    ///   - body: the conversation.
    /// - Throws: ``CommandFailure`` for an assistant that is not there; what `body` throws.
    static func with(
        _ word: String, _ common: CommonOptions, _ options: ServerOptions, _ console: Console,
        _ body: (ConversationTarget) async throws -> Void
    ) async throws {
        if let address = options.baseURL, !isKey(word, common) {
            let state = FileManager.default.temporaryDirectory
            return try await ServerConnection.withServer(
                ServerConnection.adHoc(address), options, stateFolder: state, console
            ) { server in
                let pictures = Pictures(client: server.client, uploads: false, journal: nil)
                try await body(
                    ConversationTarget(
                        id: word, client: server.client, journal: nil, pictures: pictures, console: console))
            }
        }
        let session = try OpenedProject(common, options, console)
        let environment = session.environment
        try await ServerConnection.withServer(session, options) { server in
            let finder = AssistantFinder(session: session)
            let id = try await finder.id(of: word, server)
            try StateFolder.make(session.stateFolder)
            let journal = try CreationJournal(in: session.journals(of: environment.name))
            defer { journal.finish() }
            let pictures = Pictures(client: server.client, uploads: environment.uploadsImages, journal: journal)
            try await body(
                ConversationTarget(
                    id: id, client: server.client, journal: journal, pictures: pictures, console: console))
        }
    }

    /// Whether there is a project here that has such an assistant; without one, or with one that cannot be read, a word is an
    /// id.
    private static func isKey(_ word: String, _ common: CommonOptions) -> Bool {
        guard let key = AssistantKey(word),
            let root = try? OpenedProject.find(common.directory)  // no project here, so no key
        else { return false }
        return OpenedProject.keys(in: root).contains(key)
    }

    func conversation(on thread: String, _ manner: ConversationOptions) -> Conversation {
        let tools = SpecifiedTools(
            modes: ["*": .server], approvals: manner.approvals, client: client, clock: ContinuousClock())
        return Conversation(
            client: client, place: ConversationPlace(thread: thread, assistant: id),
            tools: AskedTools(specified: tools, approvals: manner.approvals, console: console),
            pace: Conversation.Pace(delivery: manner.poll ? .poll : .stream, timeout: client.timeout))
    }

    /// Runs `body` on the thread that the options name, else on a new one, which is deleted unless it shall stay.
    ///
    /// - Returns: what `body` returns, and the thread.
    func onThread<Result: Sendable>(
        _ manner: ConversationOptions, _ body: @Sendable (String) async -> Result
    ) async throws -> (Result, thread: String) {
        if let thread = manner.thread { return (await body(thread), thread) }
        let keeps = manner.keepThread
        let outcome = try await withThread(client, journal: journal, keep: { _ in keeps }) { thread in
            if keeps { console.progress("thread \(DisplayText.inert(thread))") }
            return (await body(thread), thread: thread)
        }
        if case .leaked(let reason) = outcome.fate { console.warning("the thread could not be deleted: \(reason)") }
        return outcome.result
    }
}

/// Pictures that a person names: addresses as they are; files inside of the message or uploaded, as their environment
/// says.
struct Pictures: Sendable {
    private let files: CaseFiles
    private let uploads: Bool

    init(client: AssistantsClient, uploads: Bool, journal: CreationJournal?) {
        files = CaseFiles(client: client, journal: journal)
        self.uploads = uploads
    }

    /// The part of a message that shows a picture.
    ///
    /// - Throws: ``CommandFailure`` for a file that cannot be read or is too large.
    func part(_ picture: String) async throws -> MessageInputPart {
        let schemes = ["http://", "https://", "data:"]
        if schemes.contains(where: picture.lowercased().hasPrefix) { return .imageURL(picture) }
        guard let data = FileManager.default.contents(atPath: picture) else {
            throw CommandFailure(.failed, "the picture \(picture) cannot be read")
        }
        guard data.count <= 20 << 20 else {
            throw CommandFailure(.failed, "the picture \(picture) has more than 20 MiB")
        }
        // A `data:` URL is what DaVinci recommends for pictures on one's own machine.
        guard uploads else { return .imageURL(DataURL.image(Array(data))) }
        return .imageFile(id: try await files.id(of: picture, Array(data), purpose: "vision"))
    }

    /// Deletes what was uploaded.
    func removeAll(_ console: Console) async {
        for file in await files.removeAll() { console.warning("the file \(file) could not be deleted") }
    }
}
