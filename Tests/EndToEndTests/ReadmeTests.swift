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
}
