import Foundation
import TestSupport
import Testing

/// The README against the built program: whoever changes one must change the other.
struct ReadmeTests {
    private static let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        .standardizedFileURL

    @Test func theCommandTableListsEveryCommand() async throws {
        try await withTemporaryDirectory { folder in
            let help = try await CommandFixture(folder: folder).run("--help").output
            let section = try #require(help.range(of: "SUBCOMMANDS:"))
            let commands = help[section.upperBound...].split(separator: "\n")
                .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See ") }
                .compactMap { $0.split(separator: " ").first.map(String.init) }
            let readme = try String(contentsOf: Self.readme, encoding: .utf8)
            let chapter = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Commands") })
            let table = chapter.matches(of: /\| `([a-z]+)[^|]*\|/).map { String($0.1) }
            #expect(!commands.isEmpty)
            #expect(Set(table) == Set(commands))
        }
    }

    @Test func theWorkedExampleWorks() async throws {
        let readme = try String(contentsOf: Self.readme, encoding: .utf8)
        let blocks = readme.matches(of: /```yaml\n((?:.|\n)*?)```/).map { String($0.1) }
        let (project, greeter) = (try #require(blocks.first), try #require(blocks.dropFirst().first))
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": project, "greeter.yaml": greeter])
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let tested = try await muster.run("test")
            #expect(tested.status == 0, "\(tested.output)")
            let edited = greeter.replacing("Be polite.", with: "Be polite and brief.")
            try folder.write(["greeter.yaml": edited])
            let plan = try await muster.run("plan")
            #expect(plan.output.contains("          + Be polite{+ and brief+}."))
            try folder.write(["greeter.yaml": greeter.replacing("temperature:", with: "temprature:")])
            let invalid = try await muster.run("validate")
            let shown = try #require(readme.range(of: "error: an assistant has no key"))
            let expected = readme[shown.lowerBound...].prefix { $0 != "`" }
            #expect(invalid.errors == expected)
        }
    }
}
