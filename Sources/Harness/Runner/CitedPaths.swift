import AssistantsClient
import JSONModel
import Specs

/// Finds out where in the project the files of an answer come from: the entries of the assistant's stores say so.
struct CitedPaths {
    let client: AssistantsClient
    /// The assistant that answered.
    let assistant: String
    /// Files of one answer that are asked for; of more, nothing is known.
    private static let most = 50

    /// Paths by the files' ids.
    ///
    /// - Parameter result: of a turn, with its steps where they are known.
    /// - Returns: nil where the server does not say, which is not the same as no path.
    func paths(of result: TurnResult) async -> [String: String]? {
        let calls = (result.steps ?? []).flatMap { $0["step_details"]?["tool_calls"]?.array ?? [] }
        let found = calls.flatMap { $0["file_search"]?["results"]?.array ?? [] }.compactMap { $0["file_id"]?.string }
        let files = Set(result.answer.citedFiles + result.answer.attachedFiles + found).sorted()
        guard !files.isEmpty else { return [:] }
        guard files.count <= Self.most else { return nil }
        // What cannot be read is not known, and the assertion says so.
        guard let there = try? await client.assistant(assistant) else { return nil }
        let stores = there["tool_resources"]?["file_search"]?["vector_store_ids"]?.array?.compactMap(\.string) ?? []
        var paths: [String: String] = [:]
        for store in stores {
            for file in files {
                do {
                    let entry = try await client.file(file, inStore: store)
                    paths[file] = entry["attributes"]?[UploadedName.pathAttribute]?.string
                } catch {
                    // It may be in another store. What was not answered may be anything, so nothing is known.
                    guard case .notFound = error.kind else { return nil }
                }
            }
        }
        return paths.isEmpty ? nil : paths
    }
}

extension AssertionSpec {
    /// The run's steps tell what it is about.
    var looksAtSteps: Bool {
        switch type {
        case .stepCount, .fileSearchUsed: true
        case .toolUsed: written["value"]?["type"].map { $0 != "function" } ?? false
        default: false
        }
    }

    /// It names a file by its path in the project.
    var namesPath: Bool {
        [.fileCited, .fileSearchUsed, .hasAttachment].contains(type)
            && written["value"]?.string?.contains("/") == true
    }
}
