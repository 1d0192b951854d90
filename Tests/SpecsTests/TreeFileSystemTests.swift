import Specs
import Testing

struct TreeFileSystemTests {
    private let tree = TreeFileSystem([
        "a/b.yaml": .file([1]), "a/.hidden/c": .file([2]), "a/link": .link("b.yaml"), "a/up": .link("../top.md"),
        "top.md": .file([3]), "out": .link("../../etc/passwd"), "absolute": .link("/etc/passwd"), "loop": .link("loop"),
        "folder": .link("a"), "big": .largeFile(bytes: 9_000_000),
    ])

    @Test func filesAreListedBelowAFolder() {
        // What a link shows a second time is not listed again, and what leads out of the folder is no file of it.
        #expect(tree.files(below: "/a") == ["b.yaml"])
        #expect(tree.files(below: "/").contains("a/b.yaml"))
    }

    @Test func linksAreFollowedInsideTheTree() throws {
        #expect(try tree.read("/a/link") == [1])
        #expect(try tree.read("/a/up") == [3])
        #expect(try tree.read("/folder/./b.yaml") == [1])
        #expect(tree.canonical("/folder/../top.md") == "/top.md")
    }

    @Test(arguments: ["/out", "/absolute", "/../x", "/a/../../x"])
    func nothingOutsideIsThere(_ path: String) {
        #expect(!tree.exists(path))
        #expect(!tree.canonical(path).hasPrefix("/"))
        #expect(throws: FileProblem.missing) { try tree.read(path) }
    }

    @Test func whatCannotBeReadSaysWhy() {
        #expect(throws: FileProblem.isFolder) { try tree.read("/a") }
        #expect(throws: FileProblem.tooLarge(bytes: 9_000_000)) { try tree.read("/big") }
        #expect(throws: FileProblem.unreadable("its links go round in circles")) { try tree.read("/loop") }
    }
}
