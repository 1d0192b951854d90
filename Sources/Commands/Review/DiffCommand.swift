import ArgumentParser
import Foundation
import JSONModel
import Planning
import Reporting
import Revisions
import Specs

struct DiffCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what the specs of two git revisions mean differently, without a server or a key.",
        discussion: """
            Every environment is compared; what changes alike in all is shown once. A spec that does not load on one side \
            is reported and left out of the comparison; then the command exits with 1, because not all was compared.

            muster diff
            muster diff --merge-base main
            muster diff v1.0..v1.1 --format markdown
            """)

    @OptionGroup var review: ReviewOptions

    @Argument(help: "The older revision, or two as git takes them: A..B, A...B.")
    var base = "HEAD"

    @Argument(help: "The newer revision; the files as they are when left out.")
    var head: String?

    @Flag(name: .customLong("merge-base"), help: "Compare with where the newer side left the older one's history.")
    var mergeBase = false

    @Option(name: .shortAndLong, help: "Compare only this environment.", completion: ProjectWords.environments)
    var env: String?

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there are changes.")
    var detailedExitCode = false

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let root = try OpenedProject.find(common.directory)
        let git = try await GitRepository(around: root)
        let (older, newer) = try await sides(git, root)
        try checkEnvironment(older.revision, newer.revision)
        let review = try review(older, newer)
        self.review.print(review, console) {
            RevisionDocument.json(review, folder: OpenedProject.folder(root)) ?? .null
        }
        let broken = [older, newer].filter { !$0.problems.isEmpty }.map(\.revision.name)
        guard broken.isEmpty else {
            throw CommandFailure(
                .failed,
                "not everything was compared, because \(broken.joined(separator: " and ")) "
                    + "\(broken.count == 1 ? "does" : "do") not load as a whole")
        }
        if detailedExitCode, !review.items.isEmpty { throw ExitStatus.changesPresent.code }
    }

    private func sides(
        _ git: GitRepository, _ root: URL
    ) async throws -> (RevisionLoader.Side, RevisionLoader.Side) {
        let loader = RevisionLoader(environment: env)
        let range = try RevisionRange(base, head, fromMergeBase: mergeBase)
        var baseCommit = try await git.commit(range.base)
        let headCommit = try await git.commit(range.head ?? "HEAD")
        if range.isFromMergeBase { baseCommit = try await git.mergeBase(baseCommit, headCommit) }
        let folder = "/" + git.prefix.dropLast()
        let older = loader.side(range.base, try await git.tree(at: baseCommit), root: folder)
        guard let head = range.head else {
            let here = root.path(percentEncoded: false)
            return (older, loader.side("the working tree", DiskFileSystem(), root: here))
        }
        return (older, loader.side(head, try await git.tree(at: headCommit), root: folder))
    }

    private func checkEnvironment(_ older: Revision, _ newer: Revision) throws {
        guard let env, !(older.environments + newer.environments).contains(where: { $0.name == env }) else { return }
        throw CommandFailure(.failed, "neither side has an environment \"\(env)\"")
    }

    /// What this command does not compare.
    private static func knowledge(_ older: RevisionLoader.Side, _ newer: RevisionLoader.Side) -> [PlanNote] {
        guard older.hasKnowledge || newer.hasKnowledge else { return [] }
        return [PlanNote(.knowledge, key: nil, "stores and their files were not compared: muster plan does")]
    }

    private func review(_ older: RevisionLoader.Side, _ newer: RevisionLoader.Side) throws -> Review {
        let isComparable = !older.isUnusable && !newer.isUnusable
        let changes = isComparable ? RevisionComparison.changes(from: older.revision, to: newer.revision) : nil
        let absent = [older, newer].filter(\.isAbsent)
        let words = [base, head].compactMap { $0 } + ["--format", "html"]
        let project = newer.revision.project.isEmpty ? older.revision.project : newer.revision.project
        return Review(
            .revisions(project: project, base: older.revision.name, head: newer.revision.name),
            items: (changes?.entries ?? []).map { Review.Item($0.change, environments: $0.environments) },
            notes: absent.map { PlanNote(.environment, key: nil, "\($0.revision.name) has no \(ProjectFile.fileName)") }
                + (changes?.notes ?? []) + Self.knowledge(older, newer), problems: older.problems + newer.problems,
            fullView: PrintedCommand(common).text("diff", words))
    }
}

/// Two revisions as git's own commands take them (gitrevisions(7), "Specifying Ranges").
struct RevisionRange: Equatable {
    let base: String
    /// Nil for the files as they are.
    let head: String?
    let isFromMergeBase: Bool

    /// - Throws: ``CommandFailure`` for a range beside a second revision.
    init(_ base: String, _ head: String?, fromMergeBase: Bool) throws {
        for (dots, isFromMergeBase) in [("...", true), ("..", false)] {
            guard let place = base.firstRange(of: dots) else { continue }
            guard head == nil else {
                throw CommandFailure(.failed, "\(base) names two revisions already, so \(head ?? "") is one too many")
            }
            let sides = [base[..<place.lowerBound], base[place.upperBound...]].map { $0.isEmpty ? "HEAD" : String($0) }
            (self.base, self.head) = (sides[0], sides[1])
            self.isFromMergeBase = isFromMergeBase || fromMergeBase
            return
        }
        (self.base, self.head, isFromMergeBase) = (base, head, fromMergeBase)
    }
}
