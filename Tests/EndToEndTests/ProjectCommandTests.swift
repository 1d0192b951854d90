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

/// `pull` into an empty project: what it writes plans to no change.
struct PullTests {
    @Test func aWholeServerIsPulledAndPlansToNothing() async throws {
        try await withTemporaryDirectory { folder in
            let long = (1...40).map { "Rule \($0): be kind." }.joined(separator: "\n")
            let search: JSONValue = [
                "type": "function",
                "function": [
                    "name": "SEARCH", "description": "finds",
                    "parameters": ["type": "object", "properties": ["q": ["type": "string"]]],
                ],
            ]
            try folder.write(["muster.yaml": "project: p\ndefaults: {model: m}\n"])
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("plan").status == 0)
            try await ServerAccess.withLocal(of: folder) { address in
                for number in 1...3 {
                    try await ServerAccess.create(
                        [
                            "model": "m", "name": .string("Bot \(number)"), "instructions": .string(long),
                            "tools": [search, ["type": "code_interpreter"]], "temperature": 0.5,
                            "metadata": ["team": "a"],
                        ], at: address)
                }
            }
            let pulled = try await muster.run("pull", "--adopt")
            #expect(pulled.status == 0, "\(pulled.errors)")
            let plan = try await muster.run("plan", "--detailed-exitcode")
            #expect(plan.status == 0, "\(plan.output)")
            let files = FileManager.default.subpaths(atPath: folder.path(percentEncoded: false)) ?? []
            let shown = Set(files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".md") })
            let bots = (1...3).flatMap { ["bot-\($0).yaml", "prompts/bot-\($0).md"] }
            #expect(shown == Set(["muster.yaml", "tools/search.yaml"] + bots))
            let spec = try String(contentsOf: folder.appending(path: "bot-1.yaml"), encoding: .utf8)
            #expect(spec.contains("use: SEARCH"))
            #expect(try await muster.run("pull").output.contains("Nothing to pull"))
        }
    }
}
