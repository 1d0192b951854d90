import AssistantsClient
import Foundation
import Processes
import Specs
import States
import TextSafety

/// Fetches an environment's key from where its spec says. A key is never in a spec, an argument or a log.
/// docs/design.md#safety.
enum KeyReader {
    /// Keeps the keys and secrets of a project out of the environment of every program that is run for it.
    static func withholdKeys(of project: LoadedProject) {
        KeyVariables.withhold(project.withheldVariables)
    }

    /// How requests to an environment show who sends them.
    ///
    /// - Throws: ``CommandFailure`` naming what is not there, never the key.
    static func credentials(_ environment: EnvironmentSpec) async throws -> Credentials {
        try await credentials(environment.apiKey, header: environment.authHeader, of: environment.name)
    }

    /// The same for any server. A key that a program makes is made anew when the server refuses it.
    ///
    /// - Throws: ``CommandFailure`` naming what is not there, never the key.
    static func credentials(
        _ source: EnvironmentSpec.KeySource?, header: String?, of owner: String
    ) async throws -> Credentials {
        let first = try await authorization(source, header: header, of: owner)
        guard case .command? = source else { return Credentials(first) }
        return Credentials(first) {
            // The server's 401 is what the command then ends with; why no second key could be had is no better news.
            try? await authorization(source, header: header, of: owner)
        }
    }

    /// How requests to any server show who sends them.
    ///
    /// - Parameters:
    ///   - source: where the key is; nil for none.
    ///   - header: the header that carries it; nil for `Authorization: Bearer`.
    ///   - owner: whose key it is, for messages.
    /// - Returns: the header to send, key included.
    /// - Throws: ``CommandFailure`` naming what is not there, never the key.
    private static func authorization(
        _ source: EnvironmentSpec.KeySource?, header: String?, of owner: String
    ) async throws -> Authorization {
        guard let source else { return .none }
        let key = try await read(source, owner).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty else {
            throw CommandFailure(.failed, "the API key of \(owner) is empty")
        }
        guard key.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
            throw CommandFailure(
                .failed, "the API key of \(owner) holds spaces or characters that no header may carry",
                help: "look for a line break or a second value in it")
        }
        RunSecrets.add(SecretValues([key]))
        if let header { return .header(name: header, Secret(key)) }
        return .bearer(Secret(key))
    }

    private static func read(_ source: EnvironmentSpec.KeySource, _ environment: String) async throws -> String {
        switch source {
        case .variable(let name):
            guard let key = ProjectVariables[name.value] else {
                throw CommandFailure(
                    .failed,
                    "the API key of \(environment) should be in the environment variable \(name.value), which is not set",
                    help: "export \(name.value)=…")
            }
            return key
        case .file(let path):
            return try file(path.value, environment)
        case .command(let command, _):
            var program = Program(command, timeout: .seconds(60))
            program.usesTerminal = true
            switch await program.run() {
            case .success(let output): return output.text
            case .failure(let failure) where failure.reason == .unreviewed:
                throw Unreviewed.failure("the API key of \(environment) comes from \(command.joined(separator: " "))")
            case .failure(let failure):
                throw CommandFailure(
                    .failed, "the command for the API key of \(environment) failed: \(failure)",
                    help: "try it yourself: \(command.joined(separator: " "))")
            }
        }
    }

    private static func file(_ path: String, _ environment: String) throws -> String {
        do throws(FileProblem) {
            return String(decoding: try DiskFileSystem().read(path, limit: longestKey), as: UTF8.self)
        } catch {
            throw CommandFailure(
                .failed,
                "the API key of \(environment) should be in the file \(path), which cannot be read: \(error.sentence)")
        }
    }

    /// Bytes of a file that holds a key and nothing else.
    private static let longestKey = 64 << 10
}
