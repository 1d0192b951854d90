import Diagnostics
import Harness
import Patterns
import Planning
import Specs
import States

/// What is said when there is nothing to run: a gate that lets everything through because it looks at nothing is none.
struct EmptySelection {
    let choice: TestChoice

    /// Whether some test is selected.
    ///
    /// - Parameter assistants: the chosen ones, with all of their tests.
    /// - Returns: false where none is, and `--allow-empty` was given.
    /// - Throws: ``CommandFailure`` with exit code 3 where none is.
    func check(_ assistants: [LoadedAssistant]) throws -> Bool {
        // The server's ids do not matter for choosing.
        let suites = assistants.map { TestSuite(key: $0.key.text, assistantID: "", tests: $0.tests) }
        let chosen = try choice.chosen(from: suites)
        guard chosen.allSatisfy(\.tests.isEmpty) else { return true }
        guard !choice.allowEmpty else { return false }
        throw CommandFailure(.refused, "no test was selected\(reason(suites))", help: help(suites))
    }

    private func reason(_ suites: [TestSuite]) -> String {
        guard !suites.allSatisfy(\.tests.isEmpty) else {
            return choice.plan != nil && suites.isEmpty ? ": the plan changes no assistant" : ": there are none"
        }
        var words: [String] = []
        if let filter = choice.filter { words.append("--filter \(filter)") }
        words += choice.tag.map { "--tag \($0)" }
        if let path = choice.onlyFailed { words.append("--only-failed \(path)") }
        if let shard = choice.shard { words.append("--shard \(shard.index)/\(shard.count)") }
        return words.isEmpty ? "" : " by \(words.joined(separator: " and "))"
    }

    private func help(_ suites: [TestSuite]) -> String {
        let tests = suites.flatMap(\.tests)
        let tags = choice.tag.compactMap { nearest(to: $0, among: Set(tests.flatMap(\.tags)).sorted()) }
        let names = choice.filter.flatMap { nearest(to: $0, among: tests.map(\.name)) }
        return tags.first ?? names ?? "--allow-empty succeeds where nothing is to be run"
    }

    private func nearest(to word: String, among words: [String]) -> String? {
        NearestName.suggestion(for: word, among: words).map { "did you mean \"\($0)\"?" }
    }
}

extension TestChoice {
    /// The assistants that are meant, with the repetitions of the command line.
    ///
    /// - Parameters:
    ///   - session: the opened project.
    ///   - pace: how often tests run.
    /// - Returns: all of the project when none is named.
    /// - Throws: ``CommandFailure`` for a name that is no assistant's, or a plan that cannot be read.
    func assistants(of session: OpenedProject, _ pace: TestPace) throws -> [LoadedAssistant] {
        let named = Set(try (keys + assistant).map { try session.key($0, .refused) })
        let changed = try plan.map { path in
            Set(try PlanFile.read(path).changes.filter { $0.action != .none }.map(\.key))
        }
        let chosen = session.project.assistants.filter { assistant in
            (named.isEmpty || named.contains(assistant.key)) && (changed?.contains(assistant.key) ?? true)
        }
        return chosen.map { LoadedAssistant(spec: $0.spec, tests: $0.tests.map(pace.repeating)) }
    }

    /// The tests that are run.
    ///
    /// - Parameter suites: all tests of the chosen assistants.
    /// - Returns: the same suites with the chosen tests.
    /// - Throws: ``CommandFailure`` for a pattern or a report that cannot be read.
    func chosen(from suites: [TestSuite]) throws -> [TestSuite] {
        let selection = TestSelection(
            pattern: filter, tags: Set(tag), failedIn: try onlyFailed.map(ReportFiles.read), shard: shard)
        do {
            return try selection.chosen(from: suites)
        } catch let problem as PatternProblem {
            throw CommandFailure(.failed, "--filter is not a regular expression: \(problem)")
        } catch let limit as PatternLimit {
            throw CommandFailure(.failed, "--filter cannot be tried: \(limit)")
        }
    }
}
