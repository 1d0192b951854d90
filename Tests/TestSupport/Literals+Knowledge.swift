package import States

extension KnowledgeKey: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let key = KnowledgeKey(text) else { preconditionFailure("\(text) cannot be a key") }
        self = key
    }
}

extension StoreID: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let id = StoreID(text) else { preconditionFailure("\(text) cannot be an id") }
        self = id
    }
}

extension FileID: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        guard let id = FileID(text) else { preconditionFailure("\(text) cannot be an id") }
        self = id
    }
}
