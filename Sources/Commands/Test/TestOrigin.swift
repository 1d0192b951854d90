import Foundation
import JSONModel
import Planning
import Reconciling
import Reports
import Revisions
import Specs

/// What a report says about itself beside its results.
struct TestOrigin {
    let session: OpenedProject

    /// Looks at the clock, the repository and the specs that are tested.
    ///
    /// - Parameter report: the results, with the digests of the specs.
    /// - Returns: without a commit where the project is in no repository, or git is not there.
    func origin(of report: TestReport) async -> TestReport.Origin {
        let specs = report.suites.map {
            JSONValue.array([.string($0.key), $0.specDigest.map(JSONValue.string) ?? .null])
        }
        return TestReport.Origin(
            project: session.project.file.name, date: Date.now.formatted(.iso8601), commit: await commit(),
            digest: Digests(hash: sha256).document(.array(specs)))
    }

    private func commit() async -> String? {
        // Whatever keeps git from answering, the tests have run all the same.
        guard let git = try? await GitRepository(around: session.root), let commit = try? await git.commit("HEAD"),
            let isChanged = try? await git.hasChanges()
        else { return nil }
        return commit + (isChanged ? "+" : "")
    }
}

/// The command that runs just what did not pass.
struct TestRerun {
    let commands: PrintedCommand

    /// More names than this make a command that nobody reads.
    private static let maximumNames = 12

    /// The command.
    ///
    /// - Parameters:
    ///   - report: what came of the run.
    ///   - json: the JSON report that was written; nil for none.
    /// - Returns: nil where everything passed.
    func command(_ report: TestReport, json: String?) -> String? {
        let failures = report.failures
        guard !failures.isEmpty else { return nil }
        if let json { return commands.text("test", ["--only-failed", json]) }
        let keys = Set(failures.map(\.key)).sorted()
        guard failures.count <= Self.maximumNames else { return commands.text("test", keys) }
        let names = Set(failures.map { Self.escaped($0.testCase.name) }).sorted()
        let pattern = names.count == 1 ? "^\(names[0])$" : "^(\(names.joined(separator: "|")))$"
        return commands.text("test", keys + ["--filter", pattern])
    }

    /// A name that a regular expression takes literally.
    private static func escaped(_ name: String) -> String {
        var result = ""
        for character in name {
            if #"\^$.|?*+()[]{}/"#.contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
