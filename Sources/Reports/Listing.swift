package import States

/// The assistants of a project in one environment: what exists under which id.
package struct Listing: Sendable {
    /// How an assistant stands to its spec.
    package enum State: String, Sendable {
        case asSpecified = "as specified"
        case differs
        case notDeployed = "not deployed"
        /// It has the project's marks, and no spec.
        case withoutSpec = "without spec"
        /// An older one with the same key is there.
        case duplicate
        /// Only the lock file was read, or the plan leaves the assistant alone.
        case notCompared = "not compared"
    }

    package struct Row: Sendable {
        package let key: AssistantKey
        /// Nil where it is not deployed.
        package let id: AssistantID?
        /// The display name; nil where it has none, or was not looked at.
        package let name: String?
        package let model: String?
        package let state: State

        package init(key: AssistantKey, id: AssistantID?, name: String?, model: String?, state: State) {
            self.key = key
            self.id = id
            self.name = name
            self.model = model
            self.state = state
        }
    }

    /// A vector store of the project.
    package struct Store: Sendable {
        package let key: KnowledgeKey
        /// Nil where it is not deployed.
        package let id: StoreID?
        /// Nil where it was not looked at.
        package let files: Int?
        package let state: State

        package init(key: KnowledgeKey, id: StoreID?, files: Int?, state: State) {
            self.key = key
            self.id = id
            self.files = files
            self.state = state
        }
    }

    package let environment: String
    package let owner: Owner
    package let rows: [Row]
    package var stores: [Store] = []

    package init(environment: String, owner: Owner, rows: [Row]) {
        self.environment = environment
        self.owner = owner
        self.rows = rows
    }
}
