import Commands
import Diagnostics
import Foundation
import Specs
import TestSupport
import Testing

/// The manual against what the program does. Its pages stand in `docs/reference`.
struct ManualTests {
    @Test func thePagesSayWhatTheTablesSay() throws {
        for page in ManualPage.all {
            try expectSnapshot(page.markdown, page.fileName, folder: "../../docs/reference")
        }
    }

    @Test func thereAreNoOtherPages() throws {
        let folder = OutsideProgram.repository.appending(path: "docs/reference")
        let found = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        #expect(Set(found) == Set(ManualPage.all.map(\.fileName)))
    }

    @Test func nothingIsWithoutMeaning() {
        let silent = Manual.entries.filter { $0.text.isEmpty || $0.text.contains("") }
            .map { "\($0.subject) \($0.name)" }
        #expect(silent.isEmpty)
        let parts = Manual.entries.flatMap { entry in
            entry.parts.filter(\.meaning.isEmpty).map { "\(entry.name): \($0.term)" }
        }
        #expect(parts.isEmpty)
    }

    @Test func everyCommandHasThreeExamplesThatParse() {
        let commands = Manual.entries.filter { $0.subject == .command }
        #expect(commands.count > 25)
        for command in commands {
            let lines = command.example?.lines ?? []
            #expect(lines.count >= 3, "\(command.name)")
            for line in lines {
                let words = ShellLine(line).commands.first ?? []
                #expect(words.first == "muster")
                let problem = MusterCommand.usageProblem(Array(words.dropFirst()))
                #expect(problem == nil, "\(line): \(problem ?? "")")
                let name = words.dropFirst().prefix(command.name.split(separator: " ").count).joined(separator: " ")
                #expect(name == command.name || name == "help", "\(line) is no example of \(command.name)")
            }
        }
    }

    @Test(arguments: [
        ("latency", ["latency"]), ("not-latency", ["latency"]), ("plan", ["plan"]), ("test cleanup", ["test cleanup"]),
        ("identity", ["environments.NAME.identity"]), ("environments.identity", ["environments.NAME.identity"]),
        ("lifecycle.ignore_changes", ["lifecycle.ignore_changes"]), ("unknown-key", ["unknown-key"]), ("4", ["4"]),
        ("says", ["rules[].says"]),
    ])
    func aWordIsFound(word: String, names: [String]) {
        #expect(Manual.entries(named: word).map(\.name) == names)
    }

    @Test(arguments: [
        ("latencey", "latency"), ("identitty", "identity"), ("paln", "plan"), ("unknown-kye", "unknown-key"),
    ])
    func aMisspeltWordGetsTheNearest(word: String, nearest: String) {
        #expect(Manual.entries(named: word).isEmpty)
        #expect(Manual.names(near: word).first == nearest)
    }

    @Test func everyNameIsFoundByItself() {
        for entry in Manual.entries {
            #expect(Manual.entries(named: entry.name).contains { $0.name == entry.name && $0.subject == entry.subject })
        }
    }
}
