import Foundation
import JSONModel
import TestSupport
import Testing

/// `init`, `fmt`, `schema` and `doctor` as a user types them.
struct ProjectCommandTests {
    @Test func aNewProjectPlansAppliesAndPassesItsTests() async throws {
        try await withTemporaryDirectory { folder in
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("init", "my-bots").status == 0)
            #expect(try await muster.run("validate").status == 0)
            #expect(try await muster.run("fmt", "--check").status == 0)
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let tested = try await muster.run("test")
            #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
            let again = try await muster.run("init", "my-bots")
            #expect(again.status == 3)
            #expect(again.errors.contains("exists already"))
        }
    }

    @Test func formattingIsCheckedAndDone() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n", "bot.yaml": "name:   b   # the name\nmodel: m\n"])
            let muster = CommandFixture(folder: folder)
            let checked = try await muster.run("fmt", "--check")
            #expect(checked.status == 3)
            #expect(checked.output == "bot.yaml\n")
            #expect(try await muster.run("fmt").status == 0)
            let text = try String(contentsOf: folder.appending(path: "bot.yaml"), encoding: .utf8)
            #expect(text == "name: b  # the name\nmodel: m\n")
            #expect(try await muster.run("fmt", "--check").status == 0)
        }
    }

    @Test func aBrokenFileIsToldAndLeftAlone() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n", "bot.yaml": "name: [\n"])
            let result = try await CommandFixture(folder: folder).run("fmt")
            #expect(result.status == 1)
            #expect(result.errors.contains("bot.yaml:"))
        }
    }

    @Test func theSamplesAreFormatted() async throws {
        let samples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../assistants")
        let result = try await CommandFixture(folder: samples.standardizedFileURL).run("fmt", "--check")
        #expect(result.status == 0, "run muster fmt in assistants/: \(result.output)")
    }

    @Test(arguments: ["assistant", "project", "tools", "tests", "plan"])
    func everySchemaIsPrinted(_ kind: String) async throws {
        try await withTemporaryDirectory { folder in
            let result = try await CommandFixture(folder: folder).run("schema", kind)
            #expect(result.status == 0)
            #expect(try JSONValue(parsing: result.output)["$schema"]?.string?.contains("json-schema.org") == true)
        }
    }

    @Test func theDoctorFindsTheLocalServerWell() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n", "bot.yaml": "model: m\n"])
            let muster = CommandFixture(folder: folder)
            let result = try await muster.run("doctor")
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains("can be used as it is configured"))
            let json = try await muster.run("doctor", "--format", "json")
            #expect(try JSONValue(parsing: json.output)["usable"] == true)
        }
    }
}
