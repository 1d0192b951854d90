import YAMLSyntax

extension YAMLNode {
    /// This value with another laid over it: maps merge key by key, everything else is replaced, null removes.
    /// Design, section 2.
    ///
    /// - Parameter other: what wins.
    /// - Returns: the merged value; each part keeps the place where it was written.
    func overlaid(by other: YAMLNode) -> YAMLNode {
        guard let below = pairs, let above = other.pairs, !isReference, !other.isReference else { return other }
        var result = below
        for pair in above {
            if pair.value.isNull {
                result.removeAll { $0.name == pair.name }
            } else if let place = result.firstIndex(where: { $0.name == pair.name }) {
                let merged = result[place].value.overlaid(by: pair.value)
                result[place] = YAMLPair(name: pair.name, nameRange: pair.nameRange, value: merged)
            } else {
                result.append(pair)
            }
        }
        return YAMLNode(.mapping(result), at: other.range)
    }

    /// `{file: PATH}` and `{env: NAME}` stand for a text, so they are replaced whole.
    private var isReference: Bool {
        self["file"]?.scalar != nil || self["env"]?.scalar != nil
    }
}
