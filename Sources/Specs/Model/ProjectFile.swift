import Diagnostics
package import YAMLSyntax

/// `muster.yaml`. Design, section 2.
package struct ProjectFile: Sendable {
    /// The project file's name.
    package static let fileName = "muster.yaml"
    /// The environment that needs no entry: a server embedded in the command.
    package static let localEnvironment = "local"

    package let name: String
    package let defaultEnvironment: String
    /// By name, in the order of the file; `local` is always among them.
    package let environments: [EnvironmentSpec]
    /// Merged under every spec.
    package let defaults: YAMLNode?
    package let limits: Limits
    /// What all tests have in common.
    package let tests: TestCommons
    /// Who judges what only a model can judge; nil for nobody.
    package let judge: JudgeSpec?
    /// What tokens cost, by the model's name; `*` for all others.
    package let prices: [String: TokenPrice]

    package struct Limits: Sendable {
        /// Writes and tests at once.
        package var parallelism = 8
        /// Deletions beyond which an apply stops before its first write.
        package var maxDeletes = 3

        package init() {}
    }

    package func environment(_ name: String) -> EnvironmentSpec? {
        environments.first { $0.name == name }
    }

    static let keys = [
        "project", "default_environment", "environments", "defaults", "limits", "tests", "judge", "prices",
    ]

    /// Reads the project file's map; nil, with problems emitted, when it is not one or lacks a usable `project`.
    package init?(_ node: YAMLNode, in context: LoadingContext) {
        guard let reader = ObjectReader(node, "the project file", keys: Self.keys, in: context) else { return nil }
        environments = Self.environments(reader)
        defaults = reader["defaults"]
        limits = Self.limits(reader)
        let shared = reader["tests"].flatMap {
            ObjectReader($0, "what tests have in common", keys: ["defaults", "assertion_sets"], in: context)
        }
        tests = shared.map { TestCommons($0) } ?? TestCommons()
        judge = reader["judge"].flatMap { JudgeSpec($0, in: context) }
        prices = TokenPrice.all(reader)
        let chosen = reader.string("default_environment")
        defaultEnvironment = chosen?.value ?? Self.localEnvironment
        if let chosen, !environments.contains(where: { $0.name == chosen.value }) {
            let nearest = NearestName.suggestion(for: chosen.value, among: environments.map(\.name))
            context.emit(
                "unknown-environment", "there is no environment \"\(chosen.value)\"", at: chosen.range,
                help: nearest.map { "did you mean \"\($0)\"?" })
        }
        guard let written = reader.required("project"), let project = context.string(written, "project") else {
            return nil
        }
        name = project.value
        Self.checkName(project.located, "project", in: context)
    }

    static func isUsableName(_ name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.count <= 100
            && name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "._-".unicodeScalars.contains($0)
            }
    }

    /// A name that goes into `project/namespace` marks.
    static func checkName(_ name: Located<String>, _ key: String, in context: LoadingContext) {
        guard !isUsableName(name.value) else { return }
        context.emit(
            "bad-name", "\"\(key)\" must be 1 to 100 letters, digits, dots, underscores or hyphens", at: name.range)
    }

    private static func limits(_ reader: ObjectReader) -> Limits {
        var limits = Limits()
        guard let node = reader["limits"],
            let values = ObjectReader(node, "limits", keys: ["parallelism", "max_deletes"], in: reader.context)
        else { return limits }
        if let parallelism = values.integer("parallelism", in: 1...64) { limits.parallelism = parallelism }
        if let deletes = values.integer("max_deletes", in: 0...10_000) { limits.maxDeletes = deletes }
        return limits
    }

    private static func environments(_ reader: ObjectReader) -> [EnvironmentSpec] {
        var found: [EnvironmentSpec] = []
        if let node = reader["environments"] {
            if let pairs = node.pairs {
                found = pairs.compactMap { EnvironmentSpec($0, in: reader.context) }
            } else {
                reader.context.emit(
                    "wrong-type", "\"environments\" must be a map, not \(node.kindName)", at: node.range)
            }
        }
        return found.contains { $0.name == localEnvironment } ? found : [EnvironmentSpec.local] + found
    }
}
