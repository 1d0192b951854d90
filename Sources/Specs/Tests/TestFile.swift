import Diagnostics
import States
import YAMLSyntax

/// A file below `tests/`: a list of tests, or a map with `assistant` and `tests`. docs/design.md#files.
struct TestFile {
    /// Whose tests these are: `assistant:`, by default the file's base name.
    let key: Located<AssistantKey>
    let items: [YAMLNode]
    /// The map that may hold `defaults` and `assertion_sets`; nil for a list.
    private let map: ObjectReader?

    static let keys = ["assistant", "tests", "defaults", "assertion_sets"]

    /// Reads a test file; nil, with problems emitted, when it is neither.
    ///
    /// - Parameters:
    ///   - file: its path below the project's folder.
    ///   - context: receives the problems.
    init?(_ file: String, in context: LoadingContext) {
        guard let node = context.document(file, holding: "tests") else { return nil }
        let defaultKey = Located(FileInventory.baseName(file), at: .beginning(of: file))
        if let items = node.items {
            guard let named = context.key(defaultKey, "assistant") else { return nil }
            key = Located(named, at: defaultKey.range)
            self.items = items
            map = nil
            return
        }
        guard let reader = ObjectReader(node, "a file of tests", keys: Self.keys, in: context) else { return nil }
        let written = reader.string("assistant") ?? defaultKey
        guard let named = context.key(written, "assistant") else { return nil }
        key = Located(named, at: written.range)
        items = reader.list("tests") ?? []
        map = reader
    }

    /// What the file's tests have in common, laid over what holds for the whole project.
    func commons(over base: TestCommons) -> TestCommons {
        map.map { TestCommons($0, over: base) } ?? base
    }
}
