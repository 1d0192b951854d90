import ArgumentParser
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import Specs
import States

struct ListCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the project's assistants and stores with their ids on the server.",
        discussion: """
            For the programs that call the assistants: --format env prints lines for a .env file, --format json everything. \
            With identity: file, --offline reads muster.lock.json alone, without a server or a key.

            muster list
            muster list --env prod --format env >> .env
            muster list --format json | jq -r '.assistants[] | select(.key == "bot") | .id'
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, env
    }

    @Argument(help: "Only these assistants, by their keys; all when left out.", completion: ProjectWords.keys)
    var keys: [String] = []

    @Option(help: "How to print: text, json or env.")
    var format = Format.text

    @Flag(help: "Ask no server: tell what the lock file says.")
    var offline = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let wanted = Set(try keys.map { try session.key($0, .refused) })
        let listing = offline ? try offlineListing(session) : try await listing(session)
        let rows = listing.rows.filter { wanted.isEmpty || wanted.contains($0.key) }
        var shown = Listing(environment: listing.environment, owner: listing.owner, rows: rows)
        let searched = session.project.assistants.filter { wanted.contains($0.key) }.compactMap(\.spec.knowledge)
        shown.stores = listing.stores.filter { wanted.isEmpty || searched.contains($0.key) }
        try show(shown, console)
    }

    private func show(_ listing: Listing, _ console: Console) throws {
        switch format {
        case .text:
            console.print(
                listing.rows.isEmpty && listing.stores.isEmpty ? "No assistants." : ListingText.table(listing))
        case .json: console.print(ListingText.json(listing).text(.pretty))
        case .env:
            let missing = listing.rows.filter { $0.id == nil }.map(\.key.text)
            guard missing.isEmpty else {
                throw CommandFailure(
                    .refused, "not deployed in \(listing.environment): \(missing.joined(separator: ", "))",
                    help: "\(PrintedCommand(common, server).text("apply")) creates what is missing; or name the keys "
                        + "that you need")
            }
            do throws(ListingText.Problem) {
                console.print(try ListingText.variables(listing))
            } catch {
                throw CommandFailure(.refused, "\(error)", help: "use --format json")
            }
        }
    }

    private func listing(_ session: OpenedProject) async throws -> Listing {
        try await ServerConnection.withServer(session, server) { connection in
            let (plan, observed) = try await PlanMaker(session: session).look(
                session.project.desired, connection.client)
            let found = Dictionary(observed.owned.map { ($0.id, $0) }) { first, _ in first }
            let rows = plan.changes.map { change in
                let there = change.id.flatMap { found[$0] }
                let spec = session.project.assistant(change.key)?.spec.fields
                return Listing.Row(
                    key: change.key, id: change.id, name: (there?.fields[.name] ?? spec?[.name])?.string,
                    model: (there?.fields[.model] ?? spec?[.model])?.string, state: Self.state(change))
            }
            var listing = Listing(
                environment: session.environment.name, owner: plan.owner,
                rows: (rows + unplanned(session, plan, observed)).sorted { $0.key < $1.key })
            listing.stores = stores(session, plan.knowledge)
            return listing
        }
    }

    /// Stores of the plan, and those that it leaves alone.
    private func stores(_ session: OpenedProject, _ plan: KnowledgePlan) -> [Listing.Store] {
        let planned = plan.changes.map { change in
            let there = change.files.count { $0.kind != .added && $0.kind != .changed } + change.unchangedFiles
            return Listing.Store(
                key: change.key, id: change.id, files: change.id == nil ? nil : there, state: Self.state(change))
        }
        let keys = Set(planned.map(\.key))
        let alone = session.project.knowledge.map(\.key.value).filter { !keys.contains($0) }.map {
            Listing.Store(key: $0, id: nil, files: nil, state: .notCompared)
        }
        return (planned + alone).sorted { $0.key < $1.key }
    }

    private static func state(_ change: KnowledgeChange) -> Listing.State {
        if case .duplicate = change.reason { return .duplicate }
        if case .notInProject = change.reason { return .withoutSpec }
        if change.id == nil { return .notDeployed }
        return change.action == .none ? .asSpecified : .differs
    }

    /// What the plan leaves alone, such as an assistant that a newer Muster wrote, is there all the same.
    private func unplanned(_ session: OpenedProject, _ plan: Plan, _ observed: ObservedState) -> [Listing.Row] {
        let planned = Set(plan.changes.map(\.key))
        let alone = observed.owned.filter { !planned.contains($0.key) }.map { there in
            Listing.Row(
                key: there.key, id: there.id, name: there.fields[.name]?.string, model: there.fields[.model]?.string,
                state: .notCompared)
        }
        let listed = planned.union(alone.map(\.key))
        return alone
            + session.project.assistants.map(\.key).filter { !listed.contains($0) }.map {
                Listing.Row(key: $0, id: nil, name: nil, model: nil, state: .notCompared)
            }
    }

    private static func state(_ change: AssistantChange) -> Listing.State {
        if case .duplicate = change.reason { return .duplicate }
        if case .notInProject = change.reason { return .withoutSpec }
        if change.id == nil { return .notDeployed }
        return change.action == .none ? .asSpecified : .differs
    }

    private func offlineListing(_ session: OpenedProject) throws -> Listing {
        guard let known = try session.lock()?.idsByKey else {
            throw CommandFailure(
                .refused, "the ids of \(session.environment.name) are on its server only",
                help: "leave out --offline; with identity: file they are in muster.lock.json, too")
        }
        let keys = Set(known.keys).union(session.project.assistants.map(\.key))
        let rows = keys.sorted().flatMap { key in
            let model = session.project.assistant(key)?.spec.fields[.model]?.string
            guard let ids = known[key] else {
                return [Listing.Row(key: key, id: nil, name: nil, model: model, state: .notDeployed)]
            }
            return ids.map { Listing.Row(key: key, id: $0, name: nil, model: model, state: .notCompared) }
        }
        var listing = Listing(environment: session.environment.name, owner: session.project.owner, rows: rows)
        listing.stores = stores(session, .none)
        return listing
    }
}
