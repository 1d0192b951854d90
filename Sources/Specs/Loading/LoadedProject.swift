package import Diagnostics
package import JSONModel
package import States

/// Everything that a project says about one environment, checked across all of its files and free of errors.
///
/// ``Project/load(for:)`` alone makes one, so whoever has specs, tests or tools has a project that was read whole.
package struct LoadedProject: Sendable {
    package let file: ProjectFile
    package let environment: EnvironmentSpec
    package let owner: Owner
    /// Sorted by key.
    package let assistants: [LoadedAssistant]
    /// Vector stores, sorted by key.
    package let knowledge: [KnowledgeSpec]
    /// Function tools in `tools/`.
    package let sharedTools: [ToolName: JSONValue]
    /// Files below the project's folder that were read, sorted.
    package let read: [String]
    /// Files below the project's folder that were not read, in words.
    package let unread: [UnreadFile]
    /// Worth knowing, and no reason to stop.
    package let warnings: [Diagnostic]
    /// What was secret in what was read.
    package let secrets: SecretValues
    /// The environment variables that it was in.
    let secretVariables: Set<String>
    /// ``ProjectFile/defaults`` as JSON, word for word.
    package let defaults: JSONObject

    package var specs: [AssistantSpec] { assistants.map(\.spec) }

    /// What should exist on the environment's server.
    package var desired: DesiredState {
        DesiredState(owner: owner, assistants: assistants.map(\.spec.desired))
    }

    /// The same project, planned where another revision says: its address, headers and key, and its judge, who has a key as
    /// well; what it deploys and how it is tested stays.
    ///
    /// - Parameter trusted: the environment as the trusted revision has it.
    /// - Returns: the project; nil where that would be another owner's, because then nothing can be compared.
    package func planned(where trusted: LoadedProject) -> LoadedProject? {
        guard trusted.owner == owner else { return nil }
        var file = file
        file.judge = trusted.file.judge
        file.dotEnv = trusted.file.dotEnv
        return LoadedProject(
            file: file, environment: trusted.environment, owner: owner, assistants: assistants,
            knowledge: knowledge, sharedTools: sharedTools,
            read: read, unread: unread, warnings: warnings, secrets: secrets.union(trusted.secrets),
            secretVariables: secretVariables.union(trusted.secretVariables), defaults: defaults)
    }

    /// The environment variables that no program gets unasked: those that hold keys, of whatever environment, and secrets.
    package var withheldVariables: Set<String> { secretVariables.union(file.keyVariables) }

    package func assistant(_ key: AssistantKey) -> LoadedAssistant? {
        assistants.first { $0.spec.key.value == key }
    }
}

/// One assistant of an environment with its tests.
package struct LoadedAssistant: Sendable {
    package let spec: AssistantSpec
    /// Those of its spec, then those of the files in `tests/` that name it.
    package let tests: [TestSpec]

    package init(spec: AssistantSpec, tests: [TestSpec]) {
        self.spec = spec
        self.tests = tests
    }

    package var key: AssistantKey { spec.key.value }
}

/// A file that no rule made a part of the project's meaning.
package struct UnreadFile: Hashable, Sendable {
    package let path: String
    /// Why, as the end of a sentence: "nothing names it".
    package let reason: String
}

/// Why a project cannot be used.
package struct ProjectProblems: Error, Sendable {
    /// By file and place; warnings among them.
    package let diagnostics: [Diagnostic]
}

/// Which server a project is loaded for.
package enum EnvironmentChoice: Sendable {
    /// One of `muster.yaml`, by name.
    case named(String)
    /// One that no file mentions, from `--base-url`.
    case adHoc(EnvironmentSpec)
}
