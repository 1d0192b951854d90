/// The request bodies of vector stores. docs/protocol.md#files.
extension RequestShapes {
    package static let expiration = Shape.object(
        ObjectShape(
            ["anchor": .word(["last_active_at"]), "days": .integer(1...365)], required: ["anchor", "days"]))

    package static let vectorStore = ObjectShape([
        "name": .nullable(.text(0...256)), "description": .nullable(.text(0...512)),
        "file_ids": .list(.id, 0...500), "expires_after": expiration, "chunking_strategy": chunkingStrategy,
        "metadata": .nullable(.metadata),
    ])

    package static let vectorStoreUpdate = ObjectShape([
        "name": .nullable(.text(0...256)), "expires_after": .nullable(expiration), "metadata": .nullable(.metadata),
    ])

    package static let vectorStoreFile = ObjectShape(
        ["file_id": .id, "chunking_strategy": chunkingStrategy, "attributes": .nullable(.attributes)],
        required: ["file_id"])

    package static let vectorStoreFileUpdate = ObjectShape(
        ["attributes": .nullable(.attributes)], required: ["attributes"])

    package static let vectorStoreBatch = ObjectShape([
        "file_ids": .list(.id, 1...2_000), "files": .list(.object(vectorStoreFile), 1...2_000),
        "chunking_strategy": chunkingStrategy, "attributes": .nullable(.attributes),
    ])

    package static let vectorStoreSearch = ObjectShape(
        [
            "query": .textOr(.list(.anyText, 1...64)), "rewrite_query": .boolean, "max_num_results": .integer(1...50),
            "filters": .filter,
            "ranking_options": .object(
                ObjectShape([
                    "ranker": .word(["none", "auto", "default-2024-11-15"]), "score_threshold": .number(0...1),
                ])),
        ], required: ["query"])
}
