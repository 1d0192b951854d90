import JSONModel

/// What `{file: PATH}` and `{env: NAME, secret: true}` look like where anything else may stand, too.
enum References {
    /// Whether a map is a reference from end to end.
    ///
    /// - Parameter members: its names, and whether each stands before a text.
    /// - Returns: false for everything that is data.
    static func isReference(_ members: [(name: String, isText: Bool)]) -> Bool {
        let texts = members.filter(\.isText).map(\.name)
        switch members.map(\.name).sorted() {
        case ["file"]: return texts == ["file"]
        case ["env"], ["env", "secret"]: return texts.contains("env")
        default: return false
        }
    }

    /// Whether a server's value would be read back as a reference, at any depth.
    static func occur(in value: JSONValue) -> Bool {
        if let items = value.array { return items.contains(where: occur) }
        guard let members = value.object else { return false }
        return isReference(members.map { ($0.key, $0.value.string != nil) }) || members.contains { occur(in: $0.value) }
    }
}
