import AssistantsClient
import Reconciling
import Reporting
import Reports
import Specs
import States

extension ApplyJob {
    /// What carries out the plan of stores and files.
    ///
    /// - Parameters:
    ///   - server: where.
    ///   - breaker: ends pauses between attempts.
    ///   - interruption: once requested, nothing new is begun.
    /// - Returns: tells how it goes on the console.
    /// - Throws: ``CommandFailure`` for a lock file that cannot be used.
    func knowledge(
        _ server: ServerConnection, _ breaker: PauseBreaker, _ interruption: Interruption
    ) throws -> KnowledgeApplier {
        let console = session.console
        let text = ApplyText(palette: console.output)
        return KnowledgeApplier(
            server: try session.server(server.client.pausing(until: breaker)),
            reader: MaterialReader(root: session.root), history: session.history,
            options: KnowledgeApplier.Options(
                parallelism: options.parallelism ?? session.project.file.limits.parallelism),
            shouldStop: { interruption.isRequested }
        ) { event in
            switch event {
            case .store(let key, let files, let bytes):
                console.progress(
                    "knowledge.\(DisplayText.inert(key.text)): \(ByteCount.files(files)), "
                        + "\(ByteCount.words(bytes)) to upload...")
            case .added(let key, let done, let all):
                console.log("knowledge.\(DisplayText.inert(key.text)): \(done) of \(all) files")
            case .waiting(let key, let files):
                console.log("knowledge.\(DisplayText.inert(key.text)): \(ByteCount.files(files)) being indexed")
            case .finished(let outcome): console.print(text.row(outcome))
            }
        }
    }
}
