package import States

// Identities are made by initialisers that can refuse; tests write them down. A literal that cannot be one ends the test
// program, which is where it belongs.

extension AssistantKey: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        guard let key = AssistantKey(text) else { preconditionFailure("\(text) cannot be a key") }
        self = key
    }
}

extension AssistantID: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        guard let id = AssistantID(text) else { preconditionFailure("\(text) cannot be an id") }
        self = id
    }
}

extension Owner: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        guard let owner = Owner(text) else { preconditionFailure("\(text) cannot be an owner") }
        self = owner
    }
}

extension ToolName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let name = ToolName(text) else { preconditionFailure("\(text) cannot be a function's name") }
        self = name
    }
}
