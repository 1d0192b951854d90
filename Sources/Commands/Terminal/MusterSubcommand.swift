import ArgumentParser
import AssistantsClient
import Emulator
import Files
import Foundation
import Reconciling
import Revisions
import Specs

/// A command whose failures are told in one way.
protocol MusterSubcommand: AsyncParsableCommand {
    var common: CommonOptions { get }
    /// The work itself.
    func execute(_ console: Console) async throws
}

extension MusterSubcommand {
    func run() async throws {
        let console = Console(common)
        Unreviewed.begin()
        do {
            try await execute(console)
            if let problem = Console.outputProblem { throw problem }
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { console.error(failure.message, help: failure.help) }
            throw failure.status.code
        } catch let error as AssistantsError {
            console.error("\(error)", help: Self.help(error))
            throw ExitStatus.failed.code
        } catch let problem as GitProblem {
            console.error("\(problem)", help: problem.help)
            throw ExitStatus.failed.code
        } catch let problem as OutputProblem {
            console.error("\(problem)")
            throw ExitStatus.failed.code
        } catch let problem as LockFile.Problem {
            console.error("\(problem)")
            throw ExitStatus.failed.code
        } catch let error as EmulatorStartError {
            console.error("\(error)")
            throw ExitStatus.failed.code
        }
    }

    private static func help(_ error: AssistantsError) -> String? {
        switch error.kind {
        case .unreachable: "check base_url and that the server is running"
        case .untrusted:
            "add the authority to those of this machine, or name its file in SSL_CERT_FILE; "
                + "certificates are always checked"
        case .unauthorized where ProjectVariables[EnvironmentSpec.adHocKeyVariable] == nil:
            "check api_key of the environment; with --base-url the key is in MUSTER_API_KEY, which is not set"
        case .unauthorized: "check api_key of the environment: the key may be wrong, expired or of another server"
        case .notFound where error.request.hasSuffix("/assistants"):
            "check base_url: there is no list of assistants there; it should end where the paths of the Assistants API "
                + "begin, such as /v1 or /api/assts/v1"
        case .notJSON: "check base_url: it should end where the paths of the Assistants API begin"
        default: nil
        }
    }
}
