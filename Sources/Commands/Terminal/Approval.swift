import Foundation

/// Terraform's question.
enum Approval {
    /// - Throws: ``CommandFailure`` for any answer but yes, and when nobody is there to answer.
    static func ask(_ question: String, _ console: Console) throws {
        guard Console.isInteractive else {
            throw CommandFailure(
                .refused, "nobody is there to approve: standard input is not a terminal", help: "use --auto-approve")
        }
        let answer = console.ask("\(question)\nOnly 'yes' will be accepted to approve: ")
        guard answer?.trimmingCharacters(in: .whitespaces) == "yes" else {
            throw CommandFailure(.refused, "cancelled; nothing was changed")
        }
    }
}
