import Diagnostics
import JSONModel
package import States
package import YAMLSyntax

/// `muster.yaml`. docs/design.md#files.
package struct ProjectFile: Sendable {
    /// The project file's name.
    package static let fileName = "muster.yaml"
    /// The environment that needs no entry: a server embedded in the command.
    package static let localEnvironment = "local"

    package let name: String
    package let defaultEnvironment: String
    /// In the order of the file; `local` is always among them.
    package let environmentNames: [String]
    private let environmentPairs: [YAMLPair]
    /// Which YAML files are specs; nil where every one that is nothing else is.
    let specs: [PathGlob]?
    /// Variables of the file `.env`; none unless the project wants it read.
    package var dotEnv: [String: String]
    /// What is not looked at.
    let exclude: [PathGlob]
    /// Merged under every spec.
    package let defaults: YAMLNode?
    package let limits: Limits
    /// What all tests have in common.
    package let tests: TestCommons
    /// Who judges what only a model can judge; nil for nobody.
    package var judge: JudgeSpec?
    /// What a preview lets pass at most.
    package let preview: PreviewThresholds
    /// What tokens cost, by the model's name; `*` for all others.
    package let prices: [String: TokenPrice]

    package struct Limits: Sendable {
        /// Writes and tests at once.
        package var parallelism = 8
        /// Deletions beyond which an apply stops before its first write.
        package var maxDeletes = 3

        package init() {}
    }

    /// One environment, its variables resolved; those of others need not be set.
    ///
    /// - Parameters:
    ///   - name: one of ``environmentNames``.
    ///   - context: receives the problems.
    /// - Returns: nil, with problems emitted, when it cannot be used.
    func environment(_ name: String, in context: LoadingContext) -> EnvironmentSpec? {
        guard let pair = environmentPairs.first(where: { $0.name == name }) else {
            return name == Self.localEnvironment ? .local : nil
        }
        return EnvironmentSpec(pair, in: context)
    }

    /// The environment variables that hold keys, of whatever environment and of the judge: no program gets them unasked.
    package var keyVariables: [String] {
        var names = environmentPairs.compactMap { $0.value["api_key"]?["env"]?.scalar?.text }
        for pair in environmentPairs {
            let headers = (pair.value["headers"]?.pairs ?? []).filter { EnvironmentSpec.isSensitive(header: $0.name) }
            let query = (pair.value["query"]?.pairs ?? []).filter { EnvironmentSpec.isSensitive(parameter: $0.name) }
            let values = (headers + query).map(\.value) + [pair.value["proxy"]?["password"]].compactMap { $0 }
            names += values.compactMap { $0["env"]?.scalar?.text }
        }
        if case .endpoint(_, .variable(let name)?, _, _, _)? = judge?.source { names.append(name.value) }
        return names
    }

    /// The fields that each environment overrides.
    var overrides: [YAMLNode?] {
        environmentPairs.map { $0.value["overrides"].flatMap { $0.isNull ? nil : $0 } }
    }

    static let keys = [
        "project", "default_environment", "environments", "defaults", "limits", "tests", "judge", "prices", "specs",
        "exclude", "preview", "dotenv",
    ]

    /// Reads the project file's map; nil, with problems emitted, when it is not one or lacks a usable `project`.
    package init?(_ node: YAMLNode, in context: LoadingContext) {
        guard let reader = ObjectReader(node, "the project file", keys: Self.keys, in: context) else { return nil }
        // First, because everything else may name what it holds.
        dotEnv = reader.bool("dotenv") == true ? DotEnv.values(in: context) : [:]
        context.add(dotEnv)
        environmentPairs = Self.environments(reader)
        let names = environmentPairs.map(\.name)
        environmentNames = names.contains(Self.localEnvironment) ? names : [Self.localEnvironment] + names
        specs = reader["specs"] == nil ? nil : reader.strings("specs").map { PathGlob($0.value) }
        exclude = reader.strings("exclude").map { PathGlob($0.value) }
        defaults = reader["defaults"]
        limits = Self.limits(reader)
        let shared = reader["tests"].flatMap {
            ObjectReader($0, "what tests have in common", keys: ["defaults", "assertion_sets"], in: context)
        }
        tests = shared.map { TestCommons($0) } ?? TestCommons()
        judge = reader["judge"].flatMap { JudgeSpec($0, in: context) }
        prices = TokenPrice.all(reader)
        preview = Self.preview(reader)
        if let written = reader["preview"]?["min_preferred"], judge == nil {
            context.emit(
                .missingJudge, "\"min_preferred\" needs a judge, and the project names none", at: written.range,
                help: "say who judges under \"judge\"")
        }
        let chosen = reader.string("default_environment")
        defaultEnvironment = chosen?.value ?? Self.localEnvironment
        if let chosen, !environmentNames.contains(chosen.value) {
            let nearest = NearestName.suggestion(for: chosen.value, among: environmentNames)
            context.emit(
                .unknownEnvironment, "there is no environment \"\(chosen.value)\"", at: chosen.range,
                help: nearest.map { "did you mean \"\($0)\"?" })
        }
        guard let written = reader.required("project"), let project = context.string(written, "project") else {
            return nil
        }
        name = project.value
        Self.checkName(project.located, "project", in: context)
        if name == Owner.doctorProject {
            context.emit(
                .reservedName, "\"\(name)\" is what muster doctor calls its throw-away assistants", at: written.range,
                help: "choose another name")
        }
    }

    /// A name that goes into marks.
    static func checkName(_ name: Located<String>, _ key: String, in context: LoadingContext) {
        guard !Names.isUsable(name.value) else { return }
        context.emit(.badName, "\"\(key)\" must be \(Names.rule)", at: name.range)
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

    private static func preview(_ reader: ObjectReader) -> PreviewThresholds {
        let keys = ["max_cost", "max_latency_ratio", "min_preferred"]
        guard let node = reader["preview"],
            let values = ObjectReader(node, "what a preview lets pass", keys: keys, in: reader.context)
        else { return PreviewThresholds() }
        func number(_ key: String, _ bounds: ClosedRange<Double>) -> Double? {
            values[key].flatMap { reader.context.number($0, key, in: bounds)?.double }
        }
        return PreviewThresholds(
            maximumCost: number("max_cost", 0...1_000), maximumLatencyRatio: number("max_latency_ratio", 0.01...1_000),
            minimumPreferred: number("min_preferred", 0...1))
    }

    /// Checks the shape of every environment, whichever will be used.
    private static func environments(_ reader: ObjectReader) -> [YAMLPair] {
        guard let node = reader["environments"] else { return [] }
        guard let pairs = node.pairs else {
            reader.context.emit(
                .wrongType, "\"environments\" must be a map, not \(node.kindName)", at: node.range)
            return []
        }
        return reader.context.withoutNeedingVariables {
            pairs.filter { EnvironmentSpec($0, in: reader.context) != nil }
        }
    }
}
