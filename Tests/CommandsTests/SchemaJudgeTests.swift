import Foundation
import JSONModel
import Specs
import TestSupport
import Testing

/// The schemas for editors, judged by a program that knows nothing of Muster.
struct SchemaJudgeTests {
    private func judge(_ schema: SpecSchema, _ files: [URL]) async throws -> OutsideProgram.Result {
        let checker = try #require(OutsideProgram.venvs).appending(path: "review/bin/check-jsonschema")
        return try await withTemporaryDirectory { folder in
            try folder.write(["schema.json": schema.json.text()])
            let path = folder.appending(path: "schema.json").path(percentEncoded: false)
            return try await OutsideProgram.run(
                checker.path(percentEncoded: false),
                ["--schemafile", path] + files.map { $0.path(percentEncoded: false) })
        }
    }

    @Test(.enabled(if: OutsideProgram.venvs != nil)) func theSampleProjectFits() async throws {
        let samples = OutsideProgram.repository.appending(path: "assistants")
        let all = try FileManager.default.contentsOfDirectory(at: samples, includingPropertiesForKeys: nil)
        let specs = all.filter { $0.pathExtension == "yaml" && $0.lastPathComponent != "muster.yaml" }
        #expect(!specs.isEmpty)
        let tools = try FileManager.default.contentsOfDirectory(
            at: samples.appending(path: "tools"), includingPropertiesForKeys: nil)
        for (schema, files) in [
            (SpecSchema.assistant, specs), (.project, [samples.appending(path: "muster.yaml")]), (.tools, tools),
        ] {
            let result = try await judge(schema, files)
            #expect(result.status == 0, "\(schema): \(result.output)")
        }
    }

    @Test(.enabled(if: OutsideProgram.venvs != nil)) func theExamplesOfAssertionsFit() async throws {
        let lines = AssertionType.allCases.flatMap { ["    - \($0.example.passes)", "    - \($0.example.fails)"] }
        try await withTemporaryDirectory { folder in
            let text = "- prompt: x\n  assert:\n" + lines.joined(separator: "\n") + "\n"
            try folder.write(["tests.yaml": text])
            let result = try await judge(.tests, [folder.appending(path: "tests.yaml")])
            #expect(result.status == 0, "\(result.output.prefix(2_000))")
        }
    }

    @Test(
        .enabled(if: OutsideProgram.venvs != nil),
        arguments: [
            "{type: contains, value: {a: b}}", "{type: latency}", "{type: rouge-n, value: a, threshold: 2}",
            "{type: trajectory:tool-used, value: {pattren: S}}", "{type: json-path, value: {path: $.a, mni: 1}}",
            "{type: tool-called, value: S, arguments: {}}", "{type: run-status, value: complete}",
        ])
    func aWrongParameterIsRefused(assertion: String) async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["tests.yaml": "- prompt: x\n  assert:\n    - \(assertion)\n"])
            let result = try await judge(.tests, [folder.appending(path: "tests.yaml")])
            #expect(result.status == 1, "\(result.output.prefix(2_000))")
        }
    }
}
