import Diagnostics
import JSONModel
import Specs
import States
import TestSupport
import Testing

struct KnowledgeSpecTests {
    private func codes(_ knowledge: String, _ files: [String: String] = ["knowledge/a.md": "a"]) -> [String] {
        ProjectFixture(["bot.yaml": "model: m\n", "knowledge/k.yaml": knowledge].merging(files) { $1 }).codes
    }

    @Test func aStoreIsReadWithItsFiles() throws {
        let project = try ProjectFixture([
            "knowledge/handbook.yaml": """
            files: [docs/**/*.md, {path: faq.txt, attributes: {lang: zh-TW, year: 2027, old: false}}]
            chunking: {max_chunk_size_tokens: 600, chunk_overlap_tokens: 300}
            expires_after: {anchor: last_active_at, days: 30}
            lifecycle: {prevent_destroy: true}
            """, "knowledge/docs/a.md": "a", "knowledge/docs/deep/b.md": "bb", "faq.txt": "ccc",
        ]).load()
        let spec = try #require(project.knowledge.first)
        #expect(spec.key.value == "handbook")
        #expect(spec.files.map(\.path) == ["faq.txt", "knowledge/docs/a.md", "knowledge/docs/deep/b.md"])
        #expect(spec.files.map(\.bytes) == [3, 1, 2])
        #expect(spec.files[0].attributes == ["lang": "zh-TW", "year": 2027, "old": false])
        #expect(spec.chunking == ChunkSizes(size: 600, overlap: 300))
        #expect(spec.expiryDays == 30)
        #expect(spec.preventDestroy)
        #expect(project.unread.isEmpty)
    }

    @Test func anAssistantAwaitsItsStoreAndFiles() throws {
        let bot = try ProjectFixture([
            "bot.yaml": """
            model: m
            tools: [{type: file_search}, {type: code_interpreter}]
            knowledge: [k]
            code_files: [data/r.csv]
            """, "knowledge/k.yaml": "files: [a.md]", "knowledge/a.md": "a", "data/r.csv": "1",
        ]).desired("bot")
        #expect(
            bot.fields[.toolResources] == [
                "file_search": ["vector_store_ids": ["knowledge:k"]],
                "code_interpreter": ["file_ids": ["file:data/r.csv"]],
            ])
    }

    @Test(arguments: [
        ("files: []\nchunkng: {}", "unknown-key"), ("knowledge: a/b\nfiles: [a.md]", "bad-name"),
        ("knowledge: k", "missing-key"), ("files: a.md", "wrong-type"), ("files: [b.md]", "unreadable-file"),
        ("files: [\"*.txt\"]", "no-match"), ("files: [../../x.md]", "outside-project"),
        ("files: [/etc/passwd]", "outside-project"), ("files: [\"../**\"]", "outside-project"),
        ("files: [a.md]\nchunking: {max_chunk_size_tokens: 99}", "out-of-range"),
        ("files: [a.md]\nchunking: {max_chunk_size_tokens: 4097}", "out-of-range"),
        ("files: [a.md]\nchunking: {max_chunk_size_tokens: 800, chunk_overlap_tokens: 401}", "out-of-range"),
        ("files: [a.md]\nexpires_after: {days: 366}", "out-of-range"),
        ("files: [a.md]\nexpires_after: {anchor: created_at, days: 3}", "unknown-value"),
        ("files: [{path: a.md, attributes: {muster.x: y}}]", "reserved-key"),
        ("files: [{path: a.md, attributes: {x: [y]}}]", "wrong-type"),
        ("files: [{path: a.md, attributes: {\(String(repeating: "k", count: 65)): y}}]", "too-long"),
        ("files: [{path: a.md, attributes: {x: \(String(repeating: "v", count: 513))}}]", "too-long"),
        ("files: [a.md, {path: a.md, attributes: {x: y}}, {path: a.md, attributes: {x: z}}]", "duplicate-file"),
    ])
    func whatCannotBeIsAnError(_ text: String, _ code: String) {
        #expect(codes(text) == [code])
    }

    @Test func fourteenAttributesLeaveNoRoomForMarks() {
        let attributes = (1...14).map { "a\($0): b" }.joined(separator: ", ")
        #expect(codes("files: [{path: a.md, attributes: {\(attributes)}}]") == ["too-many"])
    }

    @Test(arguments: [
        ("knowledge/a.png", "wrong-kind"), ("knowledge/a.csv", "unlisted-kind"), ("knowledge/a", "unlisted-kind"),
    ])
    func endingsThatTheServiceDoesNotTakeAreTold(_ path: String, _ code: String) {
        #expect(codes("files: [\(path)]", [path: "x"]) == [code])
    }

    @Test func anEmptyFileIsAnError() {
        #expect(codes("files: [a.md]", ["knowledge/a.md": ""]) == ["empty-material"])
    }

    @Test func aLinkOutOfTheProjectIsAnError() {
        let fixture = ProjectFixture(
            ["bot.yaml": "model: m\n", "knowledge/k.yaml": "files: [a.md]\n"], outside: ["/secret.md": "s"],
            links: ["knowledge/a.md": "../../secret.md"])
        #expect(Set(fixture.codes) == ["link-outside", "outside-project"])
    }

    @Test func aProblemNamesItsLineAndColumn() throws {
        let text = MarkedText("files: [a.md]\nchunking:\n  max_chunk_size_tokens: 1️⃣99")
        let fixture = ProjectFixture(["bot.yaml": "model: m\n", "knowledge/k.yaml": text.text, "knowledge/a.md": "a"])
        #expect(fixture.problem?.range?.start == text["1️⃣"])
        #expect(fixture.problem?.range?.file == "knowledge/k.yaml")
    }

    @Test func moreFilesThanAStoreTakesAreAnError() {
        var files: [String: String] = [:]
        for number in 0...10_000 { files["knowledge/d/\(number).md"] = "x" }
        #expect(codes("files: [d]", files) == ["too-many"])
    }

    @Test(arguments: [
        ("knowledge: [hanbook]", "unknown-knowledge"), ("knowledge: [handbook, other]", "too-many"),
        ("knowledge: handbook", "wrong-type"),
        ("knowledge: [handbook]\ntool_resources: {file_search: {vector_store_ids: [vs_1]}}", "two-sources"),
    ])
    func anAssistantNamesOneStoreOfTheProject(_ text: String, _ code: String) {
        let fixture = ProjectFixture([
            "bot.yaml": "model: m\ntools: [{type: file_search}]\n\(text)\n", "knowledge/a.md": "a",
            "knowledge/handbook.yaml": "files: [a.md]", "knowledge/other.yaml": "files: [a.md]",
        ])
        #expect(fixture.codes == [code])
    }

    @Test func knowledgeNeedsTheTool() {
        let fixture = ProjectFixture([
            "bot.yaml": "model: m\nknowledge: [k]\n", "knowledge/k.yaml": "files: [a.md]", "knowledge/a.md": "a",
        ])
        #expect(fixture.codes == ["missing-tool"])
    }

    @Test func twoStoresOfOneKeyAreAnError() {
        #expect(
            codes("files: [a.md]", ["knowledge/a.md": "a", "knowledge/l.yaml": "knowledge: k\nfiles: [a.md]"])
                == ["duplicate-knowledge"])
    }
}
