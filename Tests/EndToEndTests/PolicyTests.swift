import Foundation
import TestSupport
import Testing

/// The example of a policy over plans, run by jq as a pipeline would.
struct PolicyTests {
    private static let hasJQ = OutsideProgram.isInstalled("jq")

    private func violations(of plan: String, models: String = #"["m"]"#) async throws -> [String] {
        try await withTemporaryDirectory { folder in
            try folder.write(["plan.json": plan])
            let policy = OutsideProgram.repository.appending(path: "ci/policy/review.jq").path
            let result = try await OutsideProgram.run(
                "jq", ["-r", "-f", policy, "--argjson", "models", models, folder.appending(path: "plan.json").path])
            #expect(result.status == 0, "\(result.output)")
            return result.output.split(separator: "\n").map(String.init)
        }
    }

    private func change(
        _ actions: String, before: String = "null", after: String = "null", causes: String = "{}",
        protected: Bool = false
    ) -> String {
        """
        {"resource_changes": [{"address": "assistant.a", "causes": \(causes), "protected": \(protected),
        "change": {"actions": \(actions), "before": \(before), "after": \(after)}}]}
        """
    }

    @Test(.enabled(if: hasJQ, "needs jq"))
    func whatIsAllowedIsSilent() async throws {
        let plan = change(#"["update"]"#, before: #"{"model": "old"}"#, after: #"{"model": "m"}"#)
        #expect(try await violations(of: plan).isEmpty)
    }

    @Test(.enabled(if: hasJQ, "needs jq"))
    func everyRuleSpeaks() async throws {
        let deletion = try await violations(of: change(#"["delete"]"#, before: "{}", protected: true))
        #expect(deletion == ["assistant.a: is protected and may not be deleted or replaced"])
        let model = try await violations(of: change(#"["create"]"#, after: #"{"model": "big"}"#))
        #expect(model == ["assistant.a: the model big is not one of m"])
        let conflict = try await violations(of: change(#"["update"]"#, causes: #"{"name": "conflict"}"#))
        #expect(conflict == ["assistant.a: the spec and the server both changed name"])
        let tools = try await violations(
            of: change(
                #"["update"]"#, before: #"{"tools": [{"type": "function", "function": {"name": "SEARCH"}}]}"#,
                after: #"{"tools": []}"#))
        #expect(tools == ["assistant.a: loses the tools SEARCH"])
    }

    @Test(.enabled(if: hasJQ, "needs jq"))
    func aPlanOfTheProgramPasses() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n", "bot.yaml": "model: m\ninstructions: hello\n"])
            let plan = try await CommandFixture(folder: folder).run("plan", "--format", "json")
            #expect(try await violations(of: plan.output).isEmpty)
            let strict = try await violations(of: plan.output, models: #"["other"]"#)
            #expect(strict == ["assistant.bot: the model m is not one of other"])
        }
    }
}
