package import States

/// What an apply did to stores and files. docs/design.md#knowledge.
package struct KnowledgeReport: Hashable, Sendable {
    /// What became of one store.
    package struct Outcome: Hashable, Sendable {
        package let key: KnowledgeKey
        package let id: StoreID?
        package let status: ApplyReport.Status
        /// Files that were put into it.
        package var added = 0
        /// Files that were taken out of it.
        package var removed = 0
        /// Why it failed or was refused, or a remark; nil when there is nothing to say.
        package var message: String?

        package init(
            key: KnowledgeKey, id: StoreID?, status: ApplyReport.Status, added: Int = 0, removed: Int = 0,
            message: String? = nil
        ) {
            self.key = key
            self.id = id
            self.status = status
            self.added = added
            self.removed = removed
            self.message = message
        }
    }

    /// In the order of the plan; deletions last.
    package var outcomes: [Outcome] = []
    package var uploadedFiles = 0
    package var uploadedBytes = 0
    /// Files that nothing used any more.
    package var deletedFiles = 0
    /// What went wrong beside the stores, such as a file that could not be uploaded or deleted.
    package var problems: [String] = []

    package init() {}

    package var isComplete: Bool {
        problems.isEmpty
            && outcomes.allSatisfy { [.created, .updated, .replaced, .deleted, .alreadyDone].contains($0.status) }
    }

    package var didAnything: Bool {
        uploadedFiles > 0 || deletedFiles > 0
            || outcomes.contains {
                $0.added > 0 || $0.removed > 0 || [.created, .updated, .replaced, .deleted].contains($0.status)
            }
    }

    /// True where there was nothing of it to do.
    package var isEmpty: Bool { self == KnowledgeReport() }
}
