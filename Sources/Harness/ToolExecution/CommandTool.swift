import AssistantsAPI
import Processes

/// Answers a call with a program: the call's arguments on its standard input, the output on its standard output.
enum CommandTool {
    /// Runs the program and waits for it.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments; nothing is read by a shell.
    ///   - timeout: how long it may take before it is ended.
    ///   - call: what the model wants called.
    /// - Returns: what the program wrote; one that fails makes the test an error.
    static func run(_ command: [String], _ timeout: Duration, _ call: ToolCall) async -> ToolAnswer {
        switch await Program(command, input: Array(call.argumentsText.utf8), timeout: timeout).run() {
        case .success(let output): return ToolAnswer(output.text)
        case .failure(let failure):
            return .unavailable("The command of \(call.name) failed: \(failure.description).")
        }
    }
}
