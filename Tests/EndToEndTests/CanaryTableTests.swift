import Foundation
import JSONModel
import TestSupport
import Testing

/// No command, no format and no report can be added without secrets being sent through it.
struct CanaryTableTests {
    /// A command as the argument parser describes it.
    private struct Described {
        let path: [String]
        let json: JSONValue

        var children: [Described] {
            (json["subcommands"]?.array ?? []).map {
                Described(path: path + [$0["commandName"]?.string ?? ""], json: $0)
            }
        }

        /// Whether it does anything itself: groups have no options but those for help.
        var runs: Bool { children.isEmpty || names.contains("color") }

        var all: [Described] { [self] + children.flatMap(\.all) }

        private var arguments: [JSONValue] { json["arguments"]?.array ?? [] }
        private var names: Set<String> { Set(arguments.compactMap { Self.name($0) }) }

        private static func name(_ argument: JSONValue) -> String? {
            argument["names"]?.array?.first { $0["kind"] == "long" }?["name"]?.string
        }

        var formats: [String] {
            let format = arguments.first { Self.name($0) == "format" }
            return (format?["allValues"]?.array ?? []).compactMap(\.string)
        }

        /// Options whose value is a file, but for those that are read.
        var outputs: [String] {
            let read: Set = ["plan", "replay", "baseline", "only-failed", "image", "rules", "plugins"]
            return arguments.filter { $0["kind"] == "option" && $0["valueName"] == "file" }.compactMap { Self.name($0) }
                .filter { !read.contains($0) }
        }
    }

    private func commands() async throws -> [Described] {
        let dump = try await withTemporaryDirectory { folder in
            try await CommandFixture(folder: folder).run("--experimental-dump-help")
        }
        let root = try #require(try JSONValue(parsing: dump.output)["command"])
        return Described(path: [], json: root).all.dropFirst().filter(\.runs)
    }

    private static let rows = (CanaryStep.all + CanaryStep.adopting).map(\.words)

    /// The rows of a command, not those of its subcommands.
    private func rows(_ command: Described, _ all: [Described]) -> [[String]] {
        let longer = all.filter { $0.path.count > command.path.count && $0.path.starts(with: command.path) }.map(\.path)
        return Self.rows.filter { row in
            row.starts(with: command.path) && !longer.contains { row.starts(with: $0) }
        }
    }

    @Test func everyCommandHasARow() async throws {
        let all = try await commands()
        #expect(all.count > 20)
        for command in all where !CanaryStep.elsewhere.contains(command.path.joined(separator: " ")) {
            #expect(!rows(command, all).isEmpty, "\(command.path)")
        }
    }

    @Test func everyFormatAndEveryOutputHasARow() async throws {
        let all = try await commands()
        for command in all where !CanaryStep.elsewhere.contains(command.path.joined(separator: " ")) {
            let said = rows(command, all)
            for format in command.formats {
                #expect(said.contains { $0.contains("--format") && $0.contains(format) }, "\(command.path) \(format)")
            }
            // A preview makes copies, and refuses to be recorded.
            let refused: Set = command.path == ["preview"] ? ["record"] : []
            for option in command.outputs where !refused.contains(option) {
                #expect(said.contains { $0.contains("--\(option)") }, "\(command.path) --\(option)")
            }
        }
    }
}
