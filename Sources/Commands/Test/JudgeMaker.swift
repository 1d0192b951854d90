import AssistantsClient
import Diagnostics
import Harness
import Specs

/// Sets up the judge that `muster.yaml` names, if some test needs one.
struct JudgeMaker {
    let session: OpenedProject
    let options: ServerOptions
    let tape: Tape

    /// The most seconds that one reply may take: a model that babbles on would hold up everything.
    private static let patience = 120

    /// The judge of a test run.
    ///
    /// - Parameters:
    ///   - suites: the tests; without a judged assertion nobody is asked for a key.
    ///   - server: the environment's.
    ///   - journal: for the threads of a judging assistant.
    /// - Returns: a judge, which takes judged assertions for errors when the project names none.
    /// - Throws: ``CommandFailure`` for a key that cannot be had, or a judging assistant that is not there.
    func judge(
        for suites: [TestSuite], _ server: ServerConnection, _ journal: CreationJournal
    ) async throws -> Judge {
        let assertions = suites.flatMap(\.tests).flatMap(\.turns).flatMap(\.assertions).flatMap(\.withMembers)
        return assertions.contains(where: \.type.needsJudge) ? try await judge(server, journal) : Judge()
    }

    /// The project's judge, whoever wants it; one without a model where the project names none.
    ///
    /// - Parameters:
    ///   - server: the environment's.
    ///   - journal: for the threads of a judging assistant.
    /// - Returns: the judge.
    /// - Throws: ``CommandFailure`` for a key that cannot be had, or a judging assistant that is not there.
    func judge(_ server: ServerConnection, _ journal: CreationJournal) async throws -> Judge {
        guard let spec = session.project.file.judge else { return Judge() }
        var judge = Judge()
        switch spec.source {
        case .assistant(let key):
            let finder = AssistantFinder(session: session)
            judge = .assistant(server.client, id: try await finder.id(of: key.value, server), journal: journal)
        case .endpoint(let address, let key, let header, let model, let embeddings):
            let credentials =
                tape.isReplay
                ? Credentials(.none) : try await KeyReader.credentials(key, header: header, of: "the judge")
            let client = try AssistantsClient(
                baseURL: address.value, credentials: credentials, transport: server.transport,
                retry: RetryPolicy(maximumRetries: 2), timeout: .seconds(min(options.timeout, Self.patience)))
            judge = .chat(client, model: model, embeddings: embeddings, options: spec.options)
        }
        judge.votes = spec.votes
        return judge
    }
}
