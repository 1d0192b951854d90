import Diagnostics
package import YAMLSyntax

/// What several tests share: what they say unless they say otherwise, and assertions under a name.
///
/// `muster.yaml` has one under `tests:`, and every file below `tests/` may have another that is laid over it.
package struct TestCommons: Sendable {
    /// A map of a test's keys, laid under every test; its `assert` is added to every turn.
    package private(set) var defaults: YAMLNode?
    /// Lists of assertions, for `{use: NAME}`.
    package private(set) var assertionSets: [String: [YAMLNode]]

    /// Nothing in common.
    package init() {
        defaults = nil
        assertionSets = [:]
    }

    /// Reads `defaults` and `assertion_sets`.
    ///
    /// - Parameters:
    ///   - reader: the map that holds them.
    ///   - base: what holds for the whole project.
    init(_ reader: ObjectReader, over base: TestCommons = TestCommons()) {
        self = base
        if let node = reader["defaults"] {
            _ = ObjectReader(node, "the defaults of tests", keys: TestDecoder.sharedKeys, in: reader.context)
            let lists = [defaults?["assert"]?.items, node["assert"]?.items].compactMap { $0 }.flatMap { $0 }
            defaults = (defaults?.overlaid(by: node) ?? node).replacing("assert", by: lists)
        }
        guard let node = reader["assertion_sets"] else { return }
        guard let pairs = node.pairs else {
            reader.context.emit(
                .wrongType, "\"assertion_sets\" must be a map of lists, not \(node.kindName)", at: node.range)
            return
        }
        for pair in pairs { assertionSets[pair.name] = reader.context.list(pair.value, pair.name) }
    }

    /// A test with the defaults under it. What a test asks replaces what the defaults ask; assertions are added.
    func completing(_ test: YAMLNode) -> YAMLNode {
        guard let defaults, test.pairs != nil else { return test }
        let ways = ["prompt", "messages", "turns"]
        let asksItself = ways.contains { test[$0] != nil }
        let below = defaults.pairs?.filter { $0.name != "assert" && !(asksItself && ways.contains($0.name)) } ?? []
        var whole = YAMLNode(.mapping(below), at: defaults.range).overlaid(by: test)
        guard let added = defaults["assert"]?.items, !added.isEmpty else { return whole }
        if let turns = whole["turns"]?.items {
            whole = whole.replacing("turns", by: turns.map { $0.pairs == nil ? $0 : $0.adding(added) })
        } else {
            whole = whole.adding(added)
        }
        return whole
    }
}

extension YAMLNode {
    /// The map with `assert` longer by some items.
    fileprivate func adding(_ assertions: [YAMLNode]) -> YAMLNode {
        guard self["assert"] == nil || self["assert"]?.items != nil else { return self }
        return replacing("assert", by: (self["assert"]?.items ?? []) + assertions)
    }

    /// The map with one key's list replaced, or added at its end.
    fileprivate func replacing(_ key: String, by items: [YAMLNode]) -> YAMLNode {
        guard var pairs, !items.isEmpty else { return self }
        let place = pairs.firstIndex { $0.name == key }
        let list = YAMLNode(.sequence(items), at: place.map { pairs[$0].value.range } ?? range)
        if let place {
            pairs[place].value = list
        } else {
            pairs.append(YAMLPair(name: key, nameRange: range, value: list))
        }
        return YAMLNode(.mapping(pairs), at: range)
    }
}
