package import JSONModel

/// Marks in an answer that point at the passages it rests on.
package enum Citations {
    /// The mark of the passage at `index`.
    package static func mark(_ index: Int, _ passage: RetrievedPassage) -> String {
        "【\(index)†\(passage.fileName)】"
    }

    /// The annotations for the marks in a text; places are counted in Unicode scalars. docs/protocol.md#messages.
    package static func annotations(in text: String, of passages: [RetrievedPassage]) -> [JSONValue] {
        passages.enumerated().compactMap { index, passage in
            let mark = mark(index, passage)
            guard let range = text.firstRange(of: mark) else { return nil }
            return [
                "type": "file_citation", "text": .string(mark),
                "start_index": .integer(text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)),
                "end_index": .integer(text.unicodeScalars.distance(from: text.startIndex, to: range.upperBound)),
                "file_citation": ["file_id": .string(passage.fileID)],
            ]
        }
    }
}
