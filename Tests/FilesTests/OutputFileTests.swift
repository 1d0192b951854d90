import Files
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct OutputFileTests {
    private func text(_ url: URL) -> String? {
        FileManager.default.contents(atPath: url.path(percentEncoded: false)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func aFileIsWrittenWholeAndNothingIsLeftBeside() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "plan.json")
            try OutputFile.write("one".utf8, to: file.path(percentEncoded: false))
            try OutputFile.write("two".utf8, to: file.path(percentEncoded: false))
            #expect(text(file) == "two")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) == ["plan.json"]
            )
        }
    }

    @Test func whatIsThereIsNotReplacedWhereItMustNotBe() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "a.yaml")
            try OutputFile.write("theirs".utf8, to: file.path(percentEncoded: false))
            #expect(throws: OutputProblem.self) {
                try OutputFile.write("ours".utf8, to: file.path(percentEncoded: false), replacing: .nothing)
            }
            #expect(text(file) == "theirs")
        }
    }

    /// A checkout may hold a link that leads anywhere.
    @Test func aLinkIsRefused() async throws {
        try await withTemporaryDirectory { folder in
            let (target, link) = (folder.appending(path: "target"), folder.appending(path: "link"))
            try Data("theirs".utf8).write(to: target)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            let problem = #expect(throws: OutputProblem.self) {
                try OutputFile.write("ours".utf8, to: link.path(percentEncoded: false))
            }
            #expect(problem?.reason == "a link is in the way")
            #expect(text(target) == "theirs")
        }
    }

    /// `plan --out /dev/null`, run as root, replaced the device by a file.
    @Test func aDeviceIsWrittenInto() throws {
        try OutputFile.write("x".utf8, to: "/dev/null")
        var facts = stat()
        #expect(stat("/dev/null", &facts) == 0)
        #expect(facts.st_mode & S_IFMT == S_IFCHR)
    }

    @Test func aFullDiskIsSaidInWords() {
        let problem = #expect(throws: OutputProblem.self) { try OutputFile.write("x".utf8, to: "/dev/full") }
        #expect(problem?.reason == "the disk is full")
    }

    @Test(arguments: ["/nowhere/at/all", "/etc/hosts/inside", "/etc"])
    func whatCannotBeWrittenIsSaidWithoutTheSystemsNumbers(_ path: String) {
        let problem = #expect(throws: OutputProblem.self) { try OutputFile.write("x".utf8, to: path) }
        #expect(problem?.reason.contains("error") == false)
    }

    @Test func onlyItsOwnerReadsAPrivateFile() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appending(path: "history.json").path(percentEncoded: false)
            try OutputFile.write("x".utf8, to: path, isPrivate: true)
            var facts = stat()
            #expect(stat(path, &facts) == 0)
            #expect(facts.st_mode & 0o777 == 0o600)
        }
    }
}
