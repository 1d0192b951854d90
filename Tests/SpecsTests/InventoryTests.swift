import Diagnostics
import Foundation
import JSONModel
import Specs
import States
import TestSupport
import Testing

/// Every file below the project is a spec, a tool, a test, data by a written rule, or named as not read.
struct InventoryTests {
    @Test(arguments: ["", "# only a comment\n", "---\n", "null\n"])
    func anEmptySpecIsAnErrorAndNoDeletion(_ text: String) {
        let fixture = ProjectFixture(["b.yaml": text])
        #expect(fixture.codes == ["empty-file"])
        #expect(fixture.problem?.range?.file == "b.yaml")
    }

    @Test(arguments: ["tools/t.yaml", "tests/a.yaml"])
    func anEmptyToolOrTestFileIsAnError(_ path: String) {
        #expect(ProjectFixture(["a.yaml": "model: m\n", path: "# nothing\n"]).codes == ["empty-file"])
    }

    @Test func theCaseOfAnEndingDoesNotMatter() {
        #expect(ProjectFixture(["B.YAML": "model: m\n", "c.Yml": "model: m\n"]).keys == ["B", "c"])
    }

    @Test func onlyTheLastEndingIsNotPartOfTheKey() {
        let files = ["support.en.yaml": "model: m\n", "support.zh.yaml": "model: m\n"]
        #expect(ProjectFixture(files).keys == ["support.en", "support.zh"])
    }

    @Test func aSpecInAFolderCalledDataIsNamed() {
        let fixture = ProjectFixture(["data/analyst.yaml": "model: m\n"])
        #expect(fixture.codes == ["unnamed-data"])
        #expect(fixture.problem?.range?.file == "data/analyst.yaml")
    }

    @Test func specsNamesWhatIsRead() {
        let project = "project: p\nspecs: [bots/**, data/analyst.yaml]\n"
        let fixture = ProjectFixture([
            "muster.yaml": project, "bots/a.yaml": "model: m\n", "bots/deep/b.yaml": "model: m\n",
            "data/analyst.yaml": "model: m\n", "docker-compose.yml": "services: {}\n",
        ])
        #expect(fixture.codes == [])
        #expect(fixture.keys == ["a", "analyst", "b"])
        #expect((try? fixture.load().unread.map(\.path)) == ["docker-compose.yml"])
    }

    @Test func whatIsExcludedIsNotLookedAt() {
        let project = "project: p\nexclude: [docker-*.yml, vendor]\n"
        let fixture = ProjectFixture([
            "muster.yaml": project, "a.yaml": "model: m\n", "docker-compose.yml": "services: {}\n",
            "vendor/x/y.yaml": "no: spec\n", "node_modules/pkg/z.yaml": "no: spec\n",
        ])
        #expect(fixture.codes == [])
        #expect(fixture.keys == ["a"])
    }

    @Test func aLinkInsideTheProjectIsFollowed() {
        let fixture = ProjectFixture(
            [".shared/a.yaml": "model: m\n", ".shared/deep/b.yaml": "model: m\n"], links: ["team": ".shared"])
        #expect(fixture.codes == [])
        #expect(fixture.keys == ["a", "b"])
    }

    @Test func aLinkToWhatIsThereAnywayIsNoSecondSpec() throws {
        let fixture = ProjectFixture(["bots/a.yaml": "model: m\n"], links: ["again": "bots", "b.yaml": "bots/a.yaml"])
        #expect(fixture.keys == ["a"])
        #expect(try fixture.load().unread.map(\.path) == ["again", "b.yaml"])
    }

    @Test(arguments: ["../elsewhere", "../elsewhere/x.yaml", "/elsewhere"])
    func aLinkOutOfTheProjectIsAnErrorWithItsTarget(_ target: String) {
        let fixture = ProjectFixture([:], outside: ["/elsewhere/x.yaml": "model: m\n"], links: ["team": target])
        #expect(Set(fixture.codes).isSubset(of: ["link-outside", "broken-link"]))
        #expect(fixture.problem?.range?.file == "team")
    }

    @Test func aSubmoduleIsSaidNotToBeRead() throws {
        let tree = TreeFileSystem([
            "p/muster.yaml": .file(Array("project: p\n".utf8)), "p/bots": .submodule,
        ])
        let context = LoadingContext(
            collector: DiagnosticCollector(), fileSystem: tree, root: "/p", variables: .named)
        let problems = #expect(throws: ProjectProblems.self) {
            _ = try Project(in: context).load(for: .named("local"))
        }
        #expect(problems?.diagnostics.map(\.code) == ["not-a-file"])
    }

    @Test func aPointerOfGitLFSIsNoPrompt() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n"
        let fixture = ProjectFixture(["a.yaml": "model: m\ninstructions: {file: p.md}\n", "p.md": pointer])
        #expect(fixture.codes == ["lfs-pointer"])
    }

    @Test func lineEndingsOfTheCheckoutAreNoPartOfAPrompt() throws {
        let fixture = ProjectFixture(["a.yaml": "model: m\ninstructions: {file: p.md}\n", "p.md": "one\r\ntwo\r\n"])
        #expect(try fixture.desired("a").fields[.instructions] == "one\ntwo")
    }

    // MARK: On the disk

    @Test func aFolderThatMayNotBeListedIsAnError() async throws {
        // Root may list everything, so the folder is closed in another way: it is too deep to be looked into.
        try await withTemporaryDirectory { folder in
            let deep = folder.appending(path: (0...70).map { "d\($0)" }.joined(separator: "/"))
            try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
            let kinds = FileWalk.entries(of: folder.path(percentEncoded: false), on: DiskFileSystem()).map(\.kind)
            #expect(kinds.count == 1)
            if case .closedFolder? = kinds.first {} else { Issue.record("\(kinds)") }
        }
    }

    /// Random trees with links, modes of files, endings and encodings: each file is read, or named with its reason.
    @Test(arguments: 0..<120)
    func everyFileIsReadOrNamed(_ seed: Int) async throws {
        var random = Chance(seed: UInt64(seed))
        try await withTemporaryDirectory { folder in
            let made = try RandomTree.make(in: folder, &random)
            let root = folder.path(percentEncoded: false)
            let context = LoadingContext(
                collector: DiagnosticCollector(), fileSystem: DiskFileSystem(), root: root, variables: .wanted([:]))
            let (read, named) = Self.outcome(context)
            for path in made where !read.contains(path) && !named.contains(path) {
                let isCovered = named.contains { path.hasPrefix($0 + "/") }
                #expect(isCovered, "\(path) was neither read nor named: \(read.sorted()) \(named.sorted())")
            }
        }
    }

    private static func outcome(_ context: LoadingContext) -> (read: Set<String>, named: Set<String>) {
        do throws(ProjectProblems) {
            let project = try Project(in: context).load(for: .named("local"))
            let named = project.unread.map(\.path) + project.warnings.compactMap(\.range?.file)
            return (Set(project.read), Set(named))
        } catch {
            // Of a project with errors only the errors are told; every other file is said to be in a broken project.
            let files = error.diagnostics.compactMap(\.range?.file)
            return ([], Set(files).union(FileWalk.entries(of: context.root, on: context.fileSystem).map(\.path)))
        }
    }
}

/// A folder of files as people, tools and accidents leave them.
private enum RandomTree {
    private static let names = [
        "a.yaml", "B.YAML", "c.yml", "notes.md", "table.csv", "é.yaml", "e\u{301}2.yaml", "support.en.yaml",
        "x.yaml.bak",
        "tools.yaml", "data.yaml", "README", "空.yaml",
    ]
    private static let folders = ["", "bots/", "data/", "tests/", "tools/", "deep/er/", "data/sub/", "Tests/"]
    private static let texts: [[UInt8]] = [
        Array("model: m\n".utf8), Array("model: m\r\nname: x\r\n".utf8), [], Array("# c\n".utf8),
        [0xEF, 0xBB, 0xBF] + Array("model: m\n".utf8), [0xFF, 0xFE, 0x61, 0x00], Array("- {name: t, prompt: p}\n".utf8),
        Array("type: function\nfunction: {name: F}\n".utf8), Array("model: [\n".utf8),
    ]

    /// - Returns: the paths of everything that was made, below the folder.
    static func make(in folder: URL, _ random: inout Chance) throws -> [String] {
        try Data("project: p\n".utf8).write(to: folder.appending(path: "muster.yaml"))
        var made = ["muster.yaml"]
        for _ in 0..<Int.random(in: 1...7, using: &random) {
            let path = (folders.randomElement(using: &random) ?? "") + (names.randomElement(using: &random) ?? "a.yaml")
            let file = folder.appending(path: path)
            guard !made.contains(where: { $0.lowercased() == path.lowercased() }) else { continue }
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                let targets = ["../../etc/hosts", "muster.yaml", "nothing", "bots", "..", "."]
                let target = targets.randomElement(using: &random) ?? "nothing"
                try FileManager.default.createSymbolicLink(
                    atPath: file.path(percentEncoded: false), withDestinationPath: target)
            default:
                try Data(texts.randomElement(using: &random) ?? []).write(to: file)
            }
            made.append(path)
        }
        return made
    }
}

struct NestedProjectTests {
    @Test func aProjectInsideOfAnotherIsOneErrorAndNoSpec() {
        let fixture = ProjectFixture([
            "a.yaml": "model: m\n", "sub/muster.yaml": "project: other\n", "sub/b.yaml": "model: m\n",
            "sub/deeper/muster.yaml": "project: third\n",
        ])
        #expect(fixture.codes == ["nested-project"])
        #expect(fixture.problem?.range?.file == "sub/muster.yaml")
    }
}
