import Foundation
import Harness
import Processes
import Specs

/// Revisions that nobody has reviewed, such as a pull request's: no program that they name is run, because a job may hold a
/// key. `docs/security.md`.
enum Unreviewed {
    /// Set by the steps in `ci/` in jobs for pull and merge requests.
    private static let variable = "MUSTER_UNREVIEWED"
    /// By this a team says that it wants such programs to run.
    private static let permission = "MUSTER_UNREVIEWED_COMMANDS"
    private static let allowed = "allow"

    /// Holds programs where the environment says that this is such a revision.
    static func begin() {
        let value = ProcessInfo.processInfo.environment[variable] ?? ""
        if !value.isEmpty { hold() }
    }

    /// Holds programs, unless the team has said by name that they may run.
    static func hold() {
        guard ProcessInfo.processInfo.environment[permission] != allowed else { return }
        ProjectPrograms.hold()
    }

    /// Refuses tests for which programs would be run, before anything is asked.
    ///
    /// - Throws: ``CommandFailure`` naming the first of them.
    static func check(_ suites: [TestSuite]) throws {
        guard ProjectPrograms.areHeld else { return }
        for suite in suites {
            for test in suite.tests {
                let name = "the test \"\(test.name)\" of \(suite.key)"
                if let program = test.programs.first(where: { !$0.isEmpty }) {
                    throw failure("\(name) runs \(program.joined(separator: " "))")
                }
                if let address = test.addresses.first { throw failure("\(name) sends requests to \(address)") }
            }
        }
    }

    /// How a command ends that would run a program.
    static func failure(_ what: String) -> CommandFailure {
        CommandFailure(
            .refused,
            "\(what), and this revision is not reviewed: programs that it names are not run, addresses not called",
            help: "run it after the review, on the server \"local\" without \(variable), or set "
                + "\(permission)=\(allowed) for a job whose proposals may run programs")
    }
}

extension TestSpec {
    private var modes: [ToolMode] { ([tools] + turns.map(\.tools)).flatMap(\.values) }
    private var assertions: [AssertionSpec] { turns.flatMap(\.assertions).flatMap(\.withMembers) }

    /// Every program that the test names.
    fileprivate var programs: [[String]] {
        let tools = modes.compactMap { if case .command(let words, _) = $0 { words } else { nil } }
        let judges = assertions.compactMap { (assertion: AssertionSpec) -> [String]? in
            if case .success(.command(let words, _)) = assertion.check { words } else { nil }
        }
        return [setup, teardown] + tools + judges
    }

    /// Every address that the test names: the job's network may reach what its author cannot.
    fileprivate var addresses: [String] {
        let tools = modes.compactMap { if case .http(let url) = $0 { url } else { nil } }
        let judges = assertions.compactMap { (assertion: AssertionSpec) -> String? in
            if case .success(.webhook(let url, _)) = assertion.check { url } else { nil }
        }
        return tools + judges
    }
}
