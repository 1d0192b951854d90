import States
import TestSupport
import Testing

struct FileMarkTests {
    private var mark: FileMark? {
        ContentMark("3f9a2c177aa0").map { FileMark(content: $0, ownerHash: "01bc22de99999999") }
    }

    @Test(arguments: [
        ("a/intro.md", "intro.3f9a2c177aa0-01bc22de.md"), ("Makefile", "Makefile.3f9a2c177aa0-01bc22de"),
        (".profile", ".profile.3f9a2c177aa0-01bc22de"), ("手冊.pdf", "手冊.3f9a2c177aa0-01bc22de.pdf"),
        ("a\nb.md", "a_b.3f9a2c177aa0-01bc22de.md"),
    ])
    func aNameKeepsItsEndingAndTellsItsMark(_ path: String, _ name: String) throws {
        let mark = try #require(mark)
        #expect(mark.name(for: path) == name)
        #expect(FileMark(name: name) == mark)
    }

    @Test(arguments: ["intro.md", "intro.3f9a2c177aa0.md", "3f9a2c177aa0-01bc22de", "x.3F9A2C177AA0-01BC22DE.md", ""])
    func otherNamesCarryNone(_ name: String) {
        #expect(FileMark(name: name) == nil)
    }
}
