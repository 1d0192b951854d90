package import JSONModel

/// How a file is cut into passages. docs/protocol.md#files.
package struct Chunking: Equatable, Sendable {
    /// Tokens in a passage.
    package var size = 800
    /// Tokens that a passage shares with the one before.
    package var overlap = 400

    package init() {}

    /// Reads the strategy of a request; nil and `auto` mean 800 and 400.
    ///
    /// - Throws: ``APIError`` when the overlap is more than half of the size.
    package init(_ strategy: JSONValue?) throws(APIError) {
        guard let fixed = strategy?["static"] else { return }
        size = fixed["max_chunk_size_tokens"]?.int ?? size
        overlap = fixed["chunk_overlap_tokens"]?.int ?? overlap
        guard overlap * 2 <= size else {
            throw .invalid(
                "Invalid 'chunk_overlap_tokens': it must not be more than half of 'max_chunk_size_tokens'.",
                parameter: "chunking_strategy.static.chunk_overlap_tokens")
        }
    }

    /// What the file object shows.
    package var json: JSONValue {
        [
            "type": "static",
            "static": ["max_chunk_size_tokens": .integer(size), "chunk_overlap_tokens": .integer(overlap)],
        ]
    }

    /// The passages of a text, in order; together they are the text, each overlapping the one before.
    package func passages(of text: String) -> [Substring] {
        let ends = TokenCounter.tokenEnds(of: text)
        guard ends.count > size else { return ends.isEmpty ? [] : [text[...]] }
        var passages: [Substring] = []
        var start = 0
        while true {
            let end = min(start + size, ends.count)
            let lower = start == 0 ? text.startIndex : ends[start - 1]
            passages.append(text[lower..<(end == ends.count ? text.endIndex : ends[end - 1])])
            if end == ends.count { return passages }
            start += size - overlap
        }
    }
}
