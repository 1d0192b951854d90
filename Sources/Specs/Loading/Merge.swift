import Texts
import YAMLSyntax

extension YAMLNode {
    /// This value with another laid over it: maps merge key by key, everything else is replaced, null removes.
    /// docs/design.md#files.
    ///
    /// - Parameter other: what wins.
    /// - Returns: the merged value; each part keeps the place where it was written.
    func overlaid(by other: YAMLNode) -> YAMLNode {
        overlaid(by: other, isMap: true)
    }

    /// - Parameters:
    ///   - other: what wins.
    ///   - isMap: a map is wanted here, so `{env: x}` and `{file: x}` are keys like others; where a text is wanted, they stand
    ///     for one and are replaced whole.
    /// - Returns: the merged value.
    private func overlaid(by other: YAMLNode, isMap: Bool) -> YAMLNode {
        guard let below = pairs, let above = other.pairs, isMap || !isReference && !other.isReference else {
            return other
        }
        var places: [ExactText: Int] = [:]
        var result: [YAMLPair?] = below
        for (place, pair) in below.enumerated() { places[ExactText(pair.name)] = place }
        for pair in above {
            let name = ExactText(pair.name)
            guard let place = places[name], let old = result[place] else {
                guard !pair.value.isNull else { continue }
                places[name] = result.count
                result.append(pair)
                continue
            }
            let merged = old.value.overlaid(by: pair.value, isMap: Self.mapKeys.contains(pair.name))
            result[place] =
                pair.value.isNull ? nil : YAMLPair(name: pair.name, nameRange: pair.nameRange, value: merged)
        }
        return YAMLNode(.mapping(result.compactMap { $0 }), at: other.range)
    }

    /// Keys of specs and tests under which only a map may stand.
    private static let mapKeys: Set<String> = [
        "metadata", "tool_resources", "response_format", "lifecycle", "environments", "vars", "tools", "properties",
        "json_schema", "schema",
    ]

    /// `{file: PATH}`, `{env: NAME}` and `{env: NAME, secret: true}`, which stand for a text.
    private var isReference: Bool {
        guard let pairs, let first = pairs.first else { return false }
        let names = Set(pairs.map(\.name))
        guard first.value.scalar != nil else { return false }
        return names == ["file"] || names == ["env"] || names == ["env", "secret"]
    }
}
