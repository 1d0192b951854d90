package import Diagnostics
package import Planning
package import States

/// What a reviewer is shown, whatever the output: changes, of what, and what could not be compared.
package struct Review: Sendable {
    package enum Subject: Sendable, Equatable {
        /// What an apply would do; the digest is for `apply --expect`.
        case plan(environment: String, owner: String, target: PlanTarget?, digest: String)
        /// What moved between two revisions of the repository.
        case revisions(project: String, base: String, head: String)
    }

    /// One assistant.
    package struct Item: Sendable {
        package let change: AssistantChange
        /// The environments in which it changes so; empty where that goes without saying.
        package let environments: [String]
        /// What to look at, most important first.
        let risks: [Risk]

        package init(_ change: AssistantChange, environments: [String] = []) {
            self.change = change
            self.environments = environments
            risks = Risk.risks(of: change)
        }
    }

    /// A side of a comparison that does not load, in part or at all.
    package struct Problem: Sendable {
        /// The revision, as the user named it.
        package let revision: String
        package let diagnostic: Diagnostic

        package init(revision: String, _ diagnostic: Diagnostic) {
            self.revision = revision
            self.diagnostic = diagnostic
        }
    }

    package let subject: Subject
    /// Those that differ, by key.
    package let items: [Item]
    package let notes: [PlanNote]
    /// What happens to stores and files; nothing between two revisions.
    package private(set) var knowledge = KnowledgePlan.none
    package let problems: [Problem]
    /// Assistants on the server that the project does not own.
    package let unownedCount: Int
    /// The command that shows everything, where a renderer has to leave something out.
    package let fullView: String
    /// The file of each assistant's spec, relative to the project's folder, where it is known.
    package var files: [AssistantKey: String] = [:]
    /// Where a code host shows them.
    package var links = HostLinks.none

    package init(
        _ subject: Subject, items: [Item], notes: [PlanNote] = [], problems: [Problem] = [], unownedCount: Int = 0,
        fullView: String
    ) {
        self.subject = subject
        self.items = items.filter { $0.change.action != .none }
        self.notes = notes
        self.problems = problems
        self.unownedCount = unownedCount
        self.fullView = fullView
    }

    /// A plan to be reviewed.
    ///
    /// - Parameters:
    ///   - plan: what an apply would do.
    ///   - digest: the plan's.
    ///   - fullView: the command that shows everything.
    package init(_ plan: Plan, digest: String, fullView: String = "muster plan") {
        self.init(
            .plan(environment: plan.environment, owner: plan.owner.text, target: plan.target, digest: digest),
            items: plan.changes.map { Item($0) }, notes: plan.notes, unownedCount: plan.unownedCount, fullView: fullView
        )
        knowledge = plan.knowledge
    }

    /// What the proposal changes of where a plan is applied and how: shown before everything else, because an approval of the
    /// rest must not hide it.
    var reach: [PlanNote] { notes.filter(isAboutReach) }

    /// The other notes.
    var remarks: [PlanNote] { notes.filter { !isAboutReach($0) } }

    private func isAboutReach(_ note: PlanNote) -> Bool {
        if case .plan = subject { note.kind == .environment } else { false }
    }

    /// Stores that differ, by key.
    var stores: [KnowledgeChange] { knowledge.changes.filter { $0.action != .none } }

    /// Nothing differs.
    var isWithoutChanges: Bool { items.isEmpty && knowledge.isEmpty }

    /// Those that differ, what needs a look first.
    var ranked: [Item] {
        items.enumerated().sorted { Self.rank($0) < Self.rank($1) }.map(\.element)
    }

    private static func rank(_ item: (offset: Int, element: Item)) -> (Int, Int, Int, Int) {
        let risks = item.element.risks
        let isUpdate = item.element.change.action == .update
        return (risks.first?.rawValue ?? Risk.allCases.count, -risks.count, isUpdate ? 0 : 1, item.offset)
    }

    package func count(_ action: AssistantChange.Action) -> Int {
        items.count { $0.change.action == action }
    }

    /// Assistants and stores with an action.
    func count(_ action: AssistantChange.Action, _ ofStores: KnowledgeChange.Action) -> Int {
        count(action) + stores.count { $0.action == ofStores }
    }
}
