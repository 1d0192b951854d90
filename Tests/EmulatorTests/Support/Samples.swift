import JSONModel

/// Bodies that several suites send.
enum Samples {
    /// The search function of the vendor's example, in the parts that matter. docs/protocol.md#c-python-streamed.
    static let search: JSONValue = [
        "type": "function",
        "function": [
            "name": "SEARCH",
            "description": "Search more knowledge or realtime information from the Internet to answer the user.",
            "parameters": [
                "type": "object",
                "properties": [
                    "query": [
                        "type": "object",
                        "properties": [
                            "q": ["type": "string", "description": "Query string to be searched for."],
                            "mkt": ["type": "string", "enum": ["zh-TW", "en-US"], "description": "The market."],
                        ],
                        "required": ["q", "mkt"],
                    ],
                    "topk": [
                        "type": "string",
                        "description": "The number of results, as a single integer number between 1~5.",
                    ],
                ],
                "required": ["query", "topk"],
            ],
        ],
    ]

    /// A function without parameters.
    static func function(_ name: String, _ description: String = "") -> JSONValue {
        ["type": "function", "function": ["name": .string(name), "description": .string(description)]]
    }

    /// One black pixel as PNG.
    static let pixel =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
}
