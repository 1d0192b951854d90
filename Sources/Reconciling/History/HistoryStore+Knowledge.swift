import Files
import Foundation
import JSONModel
import States

extension HistoryStore {
    /// Writes down what was in a store before it is deleted: its files by path and content, not their bytes.
    ///
    /// - Throws: when the disk refuses; then the store must not be deleted.
    func save(_ store: ObservedStore, owner: Owner, action: String) throws(OutputProblem) {
        let files = store.files.map { file -> JSONValue in
            [
                "id": .string(file.id.text), "path": file.path.map(JSONValue.string) ?? .null,
                "content": file.content.map { .string($0.text) } ?? .null,
                "bytes": file.bytes.map(JSONValue.integer) ?? .null, "attributes": .object(file.attributes),
            ]
        }
        try write(
            [
                "owner": .string(owner.text), "knowledge": .string(store.key.text), "action": .string(action),
                "store": ["id": .string(store.id.text), "files": .array(files)],
            ], named: "knowledge.\(store.key)")
    }
}
