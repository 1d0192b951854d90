import ArgumentParser
import Foundation
import Reconciling

struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Signs a review, and checks that a review was signed: for CI jobs.",
        discussion: """
            The key is in the environment variable MUSTER_REVIEW_KEY, which only the jobs that plan and apply may hold. The \
            steps in ci/ call both.

            muster review sign sha256:0f3a --subject owner/repo@4711
            muster review verify sha256:0f3a 9c1d --subject owner/repo@4711
            muster help review sign
            """,
        subcommands: [ReviewSignCommand.self, ReviewVerifyCommand.self])
}

/// What is signed.
struct StatementOptions: ParsableArguments {
    @Argument(help: "The plan's digest.")
    var digest: String

    @Option(help: ArgumentHelp("Where, and of which commit; both jobs must say the same.", valueName: "text"))
    var subject: String

    var statement: ReviewStatement { ReviewStatement(digest: digest, subject: subject) }

    /// The key that both jobs hold.
    ///
    /// - Throws: ``CommandFailure`` where there is none, or one that can be guessed.
    static func key() throws -> String {
        let name = "MUSTER_REVIEW_KEY"
        let key = (ProcessInfo.processInfo.environment[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard key.utf8.count >= ReviewStatement.shortestKey else {
            throw CommandFailure(
                .failed, "\(name) is not set, or has fewer than \(ReviewStatement.shortestKey) characters",
                help:
                    "make one with openssl rand -hex 32, and give it to the jobs that plan and apply, and to no others")
        }
        return key
    }
}

struct ReviewSignCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Prints the signature of a plan that is shown to reviewers.",
        discussion: """
            muster review sign sha256:0f3a --subject owner/repo@4711
            muster review sign "$DIGEST" --subject "$REPOSITORY@$COMMIT"
            muster review sign "$DIGEST" --subject "$SUBJECT" > signature
            """)

    @OptionGroup var options: StatementOptions

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        console.print(options.statement.signature(key: try StatementOptions.key()))
    }
}

struct ReviewVerifyCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Exits with 0 if a signature fits, and with 3 if it does not.",
        discussion: """
            muster review verify sha256:0f3a 9c1d --subject owner/repo@4711
            muster review verify "$DIGEST" "$SIGNATURE" --subject "$SUBJECT"
            muster review verify "$DIGEST" "$(cat signature)" --subject "$SUBJECT"
            """)

    @OptionGroup var options: StatementOptions

    @Argument(help: "The signature.")
    var signature: String

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        guard options.statement.isSigned(by: signature, key: try StatementOptions.key()) else {
            throw CommandFailure(.refused, "the review was not signed for this plan, commit and place")
        }
    }
}
