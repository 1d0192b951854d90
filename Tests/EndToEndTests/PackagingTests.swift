import Foundation
import TestSupport
import Testing

/// What a release says of itself.
struct VersionTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: OutsideProgram.repository.appending(path: path), encoding: .utf8)
    }

    private func version() async throws -> (line: String, number: String) {
        let line = try await CommandFixture(folder: OutsideProgram.repository).run("--version").output
        return (line, try #require(line.split(separator: " ").dropFirst().first.map(String.init)))
    }

    @Test func theVersionSaysWhatTheBuildWasNotTold() async throws {
        let line = try await version().line
        let told = /muster \d+\.\d+\.\d+ \(commit (unknown|[0-9a-f]{40}), (date unknown|[0-9-]{10})\)\n/
        #expect(line.wholeMatch(of: told) != nil)
    }

    @Test func theNewestChapterOfTheChangelogIsThisVersion() async throws {
        let chapters = try text("CHANGELOG.md").matches(of: /\n## \[([^\]]+)\]/).map { String($0.1) }
        #expect(chapters.filter { $0 != "Unreleased" }.first == (try await version().number))
    }

    @Test func theActionInstallsThisVersion() async throws {
        let action = try text("action.yml")
        #expect(action.contains("default: \"\(try await version().number)\""))
    }
}

/// Pages of the manual, from what the commands say of themselves.
struct ManualPageTests {
    @Test(.enabled(if: ["python3", "man"].allSatisfy(OutsideProgram.isInstalled), "needs python3 and man"))
    func everyCommandHasAPageWithoutWarnings() async throws {
        try await withTemporaryDirectory { folder in
            let script = OutsideProgram.repository.appending(path: "packaging/man_pages.py").path
            let made = try await OutsideProgram.run(
                "python3", [script, CommandFixture.program.path, "2026-01-02", folder.path])
            #expect(made.status == 0, "\(made.output)")
            let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(Set(pages).isSuperset(of: ["muster.1", "muster-plan.1", "muster-test.1", "muster-serve.1"]))
            for page in pages {
                let shown = try await OutsideProgram.run(
                    "man", ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", folder.appending(path: page).path],
                    environment: ["LC_ALL": "C.UTF-8", "MANROFFSEQ": ""])
                #expect(shown.status == 0)
                #expect(!shown.output.contains("warning:"), "\(page): \(shown.output.suffix(300))")
            }
        }
    }
}

/// Tab in real shells.
struct CompletionTests {
    private static let shells = ["bash", "zsh", "fish"].filter(OutsideProgram.isInstalled)
    private static let hasTerminal = OutsideProgram.venvs != nil

    @Test(
        .enabled(if: hasTerminal, "needs MUSTER_SDK_VENVS"), arguments: shells,
        [
            ("muster pl", "plan"), ("muster plan -C project g", "greeter"), ("muster plan -C project -e k", "kept"),
            ("muster test -C project --tag g", "greeting"), ("muster rollback -C project greeter --to ", "1"),
            ("muster show project/pl", "project/plan.json"), ("muster validate --format s", "sarif"),
        ])
    func aWordIsCompleted(_ shell: String, _ line: (typed: String, completed: String)) async throws {
        try await withTemporaryDirectory { folder in
            let project = folder.appending(path: "project")
            let stored = OutsideProgram.fixtures().appending(path: "0.1.0")
            try FileManager.default.copyItem(at: stored, to: project)
            try FileManager.default.createDirectory(
                at: project.appending(path: ".muster"), withIntermediateDirectories: true)
            try FileManager.default.moveItem(
                at: project.appending(path: "history"), to: project.appending(path: ".muster/history"))
            let script = OutsideProgram.fixtures().appending(path: "complete.py").path
            let result = try await OutsideProgram.run(
                OutsideProgram.python("review"),
                [script, shell, CommandFixture.program.path, folder.path, line.typed, line.completed])
            let last = result.output.split(separator: "\n").last.map(String.init) ?? ""
            #expect(last.hasSuffix(line.completed) || last.hasSuffix(line.completed + " "), "\(result.output)")
        }
    }
}
