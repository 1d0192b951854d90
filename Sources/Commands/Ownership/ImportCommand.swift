import ArgumentParser
import Planning
import Reconciling
import Reporting
import Specs
import States
import Texts

struct ImportCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Adopts an assistant that exists: writes its spec and marks it as the project's.",
        discussion: """
            With --key of a spec that is there, no file is written, and the next plan shows what differs.

            muster import "Travel desk"
            muster import asst_dvc_1 --key travel-desk
            muster import -e production "Travel desk"
            """)

    @Argument(help: "The assistant's id on the server, or its name if no other has it.")
    var assistant: String

    @Option(help: "The spec's key; made from the name when left out.", completion: ProjectWords.keys)
    var key: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        try await OwnershipContext.with(common, server, console) { owned in
            let state = try await owned.observe()
            let (id, name) = try find(state)
            let files = SpecFiles(session: owned.session)
            let key = try key.map(given) ?? files.freeKey(name ?? id.text, state)
            let isThere = owned.session.project.assistant(key) != nil
            var paths: [String] = []
            _ = try await owned.refusing {
                try await owned.ownership.adopt(id, as: key, among: state) { observed in
                    guard !isThere else { return {} }
                    let draft = try files.draft(key, observed.withoutMarks)
                    paths = draft.files.map(\.path)
                    return try files.write(draft.files)
                }
            }
            let written = isThere ? "its spec was there, and stays" : DisplayText.inert(paths.joined(separator: ", "))
            console.print("Imported \(DisplayText.inert(id.text)) as \(DisplayText.inert(key.text)): \(written).")
            if isThere { try await difference(key, owned, console) }
        }
    }

    /// What the spec says otherwise than the server.
    private func difference(_ key: AssistantKey, _ owned: OwnershipContext, _ console: Console) async throws {
        let session = owned.session
        let maker = PlanMaker(session: session, targets: [key.text])
        let plan = try await maker.plan(session.project.desired, owned.server.client)
        let digest = PlanDocument.digest(plan, digests: Digests(hash: sha256))
        console.print("\n" + PlanText(palette: console.output, width: console.width).text(plan, digest: digest))
    }

    private func given(_ word: String) throws -> AssistantKey {
        if let key = AssistantKey(word) { return key }
        throw CommandFailure(.failed, "\"\(word)\" cannot be a key", help: "a key is \(Names.rule)")
    }

    private func find(_ state: ObservedState) throws -> (id: AssistantID, name: String?) {
        let candidates =
            state.unowned.map { (id: $0.id, name: $0.name) }
            + state.owned.map { (id: $0.id, name: $0.observed.name) }
        if let exact = candidates.first(where: { $0.id.text.isExactly(assistant) }) { return exact }
        let named = candidates.filter { $0.name?.isExactly(assistant) == true }
        guard let only = named.first else {
            throw CommandFailure(.failed, "the server has no assistant with the id or name \"\(assistant)\"")
        }
        guard named.count == 1 else {
            throw CommandFailure(
                .failed, "\(named.count) assistants are called \"\(assistant)\"",
                help: "name one by its id: \(named.map(\.id.text).joined(separator: ", "))")
        }
        return only
    }
}
