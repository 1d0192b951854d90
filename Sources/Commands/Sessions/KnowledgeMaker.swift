import AssistantsClient
import Foundation
import JSONModel
import Planning
import Reconciling
import Specs
import States

/// Looks at stores and files, and plans them.
struct KnowledgeMaker {
    let session: OpenedProject
    /// Nothing is to be left.
    let isDestroying: Bool

    /// What is planned for stores and files, and the assistants with the ids that are known.
    struct Look {
        var plan = KnowledgePlan.none
        var desired: DesiredState
        var notes: [PlanNote] = []
    }

    private var specs: [KnowledgeSpec] { isDestroying ? [] : session.project.knowledge }

    /// Looks where there is a reason to: the project declares knowledge, or assistants of it on the server use some.
    ///
    /// - Parameters:
    ///   - desired: the assistants.
    ///   - observed: the assistants on the server.
    ///   - client: talks to the server.
    /// - Returns: what is planned.
    /// - Throws: ``CommandFailure`` for files that cannot be read and servers without stores; an error of the client.
    func look(_ desired: DesiredState, _ observed: ObservedState, _ client: AssistantsClient) async throws -> Look {
        let codeFiles = isDestroying ? [] : session.project.assistants.flatMap(\.spec.codeFiles)
        let isDeclared = !specs.isEmpty || !codeFiles.isEmpty
        let usedIDs = observed.owned.reduce(into: Set<String>()) { ids, assistant in
            ids.formUnion(KnowledgeApplier.ids(in: assistant.fields[.toolResources]))
        }
        guard isDeclared || isDestroying || !usedIDs.isEmpty else { return Look(desired: desired) }
        if isDeclared, session.environment.traits.identity == .file {
            throw CommandFailure(
                .refused,
                "knowledge needs a server that keeps metadata, and \(session.environment.name) has identity: file",
                help: "name the store's id in tool_resources, or use an environment with identity: marks")
        }
        var look = Look(desired: desired)
        let there: ObservedKnowledge
        do {
            there = try await KnowledgeObserver(try session.server(client)).observe()
        } catch let problem as KnowledgeProblem {
            guard isDeclared else { return look }
            throw CommandFailure(
                .refused, "\(problem)", help: "leave knowledge: and code_files: out for \(session.environment.name)")
        } catch  where !isDeclared {
            // The project worked without stores until now.
            look.notes.append(
                PlanNote(
                    .knowledge, key: nil,
                    "the server's stores could not be looked at, so whether some of this project are left there is not known: \(error)"
                ))
            return look
        }
        let wanted = try wanted(desired, codeFiles, usedIDs, &look.notes)
        let planner = KnowledgePlanner(hash: sha256)
        let (plan, notes) = planner.plan(wanted, there)
        look.plan = plan
        look.notes += notes + missingStores(observed, there)
        await TextDifferences(session: session, client: client).add(to: &look.plan, &look.notes)
        look.desired = resolved(desired, planner.ids(wanted, there), wanted.codeFiles, there)
        return look
    }

    private func wanted(
        _ desired: DesiredState, _ codeFiles: [MaterialFile], _ usedIDs: Set<String>, _ notes: inout [PlanNote]
    ) throws -> KnowledgePlanner.Wanted {
        let hashes = MaterialHashes(root: session.root, stateFolder: session.stateFolder)
        defer { hashes.keep() }
        var stores: [DesiredKnowledge] = []
        for spec in specs {
            var seen: [FileDigest: String] = [:]
            var files: [DesiredFile] = []
            for file in spec.files {
                let wanted = try self.file(file, hashes)
                if let first = seen[wanted.digest] {
                    notes.append(
                        PlanNote(
                            .knowledge, key: nil,
                            "\(file.path) has the same contents as \(first), so \(spec.key.value) holds it once, as the latter"
                        ))
                    continue
                }
                seen[wanted.digest] = file.path
                files.append(wanted)
            }
            stores.append(
                DesiredKnowledge(
                    key: spec.key.value, files: files, chunking: spec.chunking, expiryDays: spec.expiryDays,
                    preventDestroy: spec.preventDestroy))
        }
        let paths = Dictionary(codeFiles.map { ($0.path, $0) }) { first, _ in first }
        let users = session.project.assistants.compactMap { assistant in
            assistant.spec.knowledge.map { ($0, [assistant.key]) }
        }
        let written = desired.assistants.reduce(into: usedIDs) { ids, assistant in
            ids.formUnion(KnowledgeApplier.ids(in: assistant.fields[.toolResources]))
        }
        return KnowledgePlanner.Wanted(
            owner: desired.owner, stores: stores,
            codeFiles: try paths.values.sorted { $0.path < $1.path }.map { try file($0, hashes) },
            users: Dictionary(users, uniquingKeysWith: +), usedIDs: written)
    }

    private func file(_ file: MaterialFile, _ hashes: MaterialHashes) throws -> DesiredFile {
        do throws(MaterialProblem) {
            let (digest, bytes) = try hashes.digest(file.path)
            return DesiredFile(path: file.path, digest: digest, bytes: bytes, attributes: file.attributes)
        } catch {
            throw CommandFailure(.failed, "\(error)")
        }
    }

    /// What assistants search and the server does not have: deleted by hand, or expired and swept.
    private func missingStores(_ observed: ObservedState, _ there: ObservedKnowledge) -> [PlanNote] {
        observed.owned.flatMap { assistant -> [PlanNote] in
            let ids = assistant.fields[.toolResources]?["file_search"]?["vector_store_ids"]?.array ?? []
            return ids.compactMap(\.string).filter { !there.listed.contains($0) }.map { id in
                PlanNote(
                    .knowledge, key: assistant.key,
                    "it searches the store \(id), which is not on the server: it was deleted, or has expired")
            }
        }
    }

    private func resolved(
        _ desired: DesiredState, _ stores: [KnowledgeKey: StoreID], _ codeFiles: [DesiredFile],
        _ there: ObservedKnowledge
    ) -> DesiredState {
        let files = Dictionary(codeFiles.map { ($0.path, there.file($0)?.id) }) { first, _ in first }
        var desired = desired
        for place in desired.assistants.indices {
            guard let resources = desired.assistants[place].fields[.toolResources] else { continue }
            desired.assistants[place].fields[.toolResources] = Awaited.resolved(resources) { awaited in
                switch awaited {
                case .store(let key): stores[key]?.text
                case .file(let path): files[path]??.text
                }
            }
        }
        return desired
    }
}
