package import States

/// What the specs say at one point of the repository's history.
package struct Revision: Sendable {
    /// As the user named it.
    package var name: String
    package var project: String
    package var environments: [Environment]

    /// One environment as its specs want it.
    package struct Environment: Sendable {
        package var name: String
        package var desired: DesiredState
        /// Keys whose specs do not load, so that nothing can be said about them.
        package var unreadableKeys: Set<String>
        /// What else a reviewer should see move, such as the address, by its name in the project file.
        package var settings: [String: String]

        package init(
            name: String, desired: DesiredState, unreadableKeys: Set<String> = [], settings: [String: String] = [:]
        ) {
            self.name = name
            self.desired = desired
            self.unreadableKeys = unreadableKeys
            self.settings = settings
        }
    }

    package init(name: String, project: String, environments: [Environment]) {
        self.name = name
        self.project = project
        self.environments = environments
    }
}

/// How the specs of two revisions differ in meaning.
package struct RevisionChanges: Sendable {
    /// One assistant's change, with the environments in which it happens so; no names where it happens in all.
    package struct Entry: Hashable, Sendable {
        package var change: AssistantChange
        package var environments: [String]
    }

    /// By key, then by environment.
    package var entries: [Entry]
    package var notes: [PlanNote]
}
