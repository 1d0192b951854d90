import AssistantsAPI
import AssistantsClient
import Subprocess

/// Answers a call with a program: the call's arguments on its standard input, the output on its standard output.
enum CommandTool {
    /// The most bytes that a program may write.
    private static let outputLimit = 1 << 20

    /// Runs the program and waits for it.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments; nothing is read by a shell.
    ///   - timeout: how long it may take before it is ended.
    ///   - call: what the model wants called.
    /// - Returns: what the program wrote; a program that fails says so in the output.
    static func run(_ command: [String], _ timeout: Duration, _ call: ToolCall) async -> ToolAnswer {
        guard let program = command.first else { return .failed("The function \(call.name) has no command.") }
        let result = await withTaskGroup(of: Result<String, CommandFailure>?.self) { group in
            group.addTask { await output(of: program, Array(command.dropFirst()), input: call.arguments) }
            group.addTask {
                try? await Task.sleep(for: timeout)  // cancelled: the program has ended
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        switch result {
        case .success(let output)?: return ToolAnswer(output)
        case .failure(let failure)?: return .failed("The command of \(call.name) failed: \(failure.reason)")
        case nil: return .failed("The command of \(call.name) took longer than \(timeout.words).")
        }
    }

    private struct CommandFailure: Error {
        let reason: String
    }

    private static func output(
        of program: String, _ arguments: [String], input: String
    ) async -> Result<String, CommandFailure> {
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: Arguments(arguments), input: .string(input),
                output: .string(limit: outputLimit),
                error: .string(limit: 4_096))
            guard result.terminationStatus.isSuccess else {
                let said = InertText.excerpt(result.standardError)
                return .failure(CommandFailure(reason: said.isEmpty ? "\(result.terminationStatus)" : said))
            }
            return .success(result.standardOutput)
        } catch {
            return .failure(CommandFailure(reason: "\(error)"))
        }
    }
}
