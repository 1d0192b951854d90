extension InertText {
    /// A workflow command of GitHub Actions, such as an error at a line of a file ("Workflow commands for GitHub
    /// Actions"). No value can end it, begin another or add a property.
    ///
    /// - Parameters:
    ///   - name: `error`, `warning` or `notice`.
    ///   - properties: names and values, in order.
    ///   - message: what is shown.
    /// - Returns: one line, ended.
    package static func workflowCommand(
        _ name: String, _ properties: [(name: String, value: String)], _ message: String
    ) -> String {
        let pairs = properties.map { "\($0.name)=\(commandProperty($0.value))" }.joined(separator: ",")
        return "::\(name)\(pairs.isEmpty ? "" : " ")\(pairs)::\(commandMessage(message))\n"
    }

    private static func commandMessage(_ text: String) -> String {
        // Nothing but `%` is left to escape: line breaks have been made visible.
        visible(text).replacing("%", with: "%25")
    }

    private static func commandProperty(_ text: String) -> String {
        commandMessage(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
