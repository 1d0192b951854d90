import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// Machine output and exit code agree in every ending of an apply.
struct EndingTests {
    /// Runs an apply against a server with faults and compares its report with its exit code.
    private func ending(
        _ faults: [String] = [], _ arguments: [String] = ["--auto-approve"], times: Int = 1
    ) async throws -> (status: Int32, report: JSONValue, result: CommandResult) {
        var configuration = EmulatorConfiguration()
        configuration.faults = try FaultPlan(parsing: faults)
        return try await withTemporaryDirectory { folder in
            try await withEmulator(configuration) { address in
                try folder.write(["a.yaml": "name: a\n", "b.yaml": "name: b\n", "c.yaml": "name: c\n"])
                try folder.write([
                    "muster.yaml":
                        "project: p\ndefault_environment: e\nenvironments: {e: {base_url: \"\(address)\"}}\n"
                        + "defaults: {model: m}\n"
                ])
                let muster = CommandFixture(folder: folder)
                let command = ["apply", "--report", "report.json", "--parallelism", "1"] + arguments
                for _ in 1..<times { _ = try await muster.run(command) }
                let result = try await muster.run(command)
                let data = try Data(contentsOf: folder.appending(path: "report.json"))
                let report = try JSONValue(parsing: data)
                #expect(report["exit_code"]?.int == Int(result.status), "\(result.output)\(result.errors)")
                return (result.status, report, result)
            }
        }
    }

    @Test func success() async throws {
        let (status, report, _) = try await ending()
        #expect(status == 0)
        #expect(report["result"] == "done")
        #expect(report["counts"]?["created"] == 3)
        #expect(report["assistants"]?.array?.map { $0["status"] } == ["created", "created", "created"])
    }

    @Test func noChange() async throws {
        let (status, report, _) = try await ending(times: 2)
        #expect(status == 0)
        #expect(report["result"] == "done")
        #expect(report["assistants"] == [])
    }

    @Test func partialFailure() async throws {
        let (status, report, result) = try await ending(["error=400,path=/assistants,method=POST,nth=2"])
        #expect(status == 5)
        #expect(report["result"] == "partly_done")
        #expect(report["counts"]?["created"] == 2 && report["counts"]?["failed"] == 1)
        #expect(result.output.contains("2 added, 0 changed, 0 destroyed; 1 failed"))
    }

    @Test func failure() async throws {
        let (status, report, _) = try await ending(["error=400,path=/assistants,method=POST"])
        #expect(status == 1)
        #expect(report["result"] == "failed")
    }

    @Test func unreachable() async throws {
        let (status, report, _) = try await ending(["error=401"])
        #expect(status == 1)
        #expect(report["message"]?.string?.contains("401") == true)
    }

    private static let spec = """
        model: m
        name: %NAME%
        tests:
          - {prompt: Say hello, assert: [{type: contains, value: "%WORD%"}]}
        """

    private func spec(_ name: String, _ word: String) -> String {
        Self.spec.replacing("%NAME%", with: name).replacing("%WORD%", with: word)
    }

    @Test func testsThatFailAfterAnApplyUndoIt() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n", "bot.yaml": spec("one", "hello")])
            let muster = CommandFixture(folder: folder)
            let first = try await muster.run("apply", "--auto-approve", "--test")
            #expect(first.status == 0, "\(first.output)\(first.errors)")
            let before = try await ServerAccess.withLocal(of: folder) { try await ServerAccess.assistants(at: $0) }
            try folder.write(["bot.yaml": spec("two", "zebra"), "new.yaml": spec("new", "hello")])
            let second = try await muster.run(
                "apply", "--auto-approve", "--test", "--rollback-on-failure", "--report", "report.json")
            #expect(second.status == 4, "\(second.output)\(second.errors)")
            #expect(second.output.contains("new was new and is deleted again"))
            let report = try JSONValue(parsing: Data(contentsOf: folder.appending(path: "report.json")))
            #expect(report["exit_code"] == 4)
            #expect(report["result"] == "tests_failed")
            let after = try await ServerAccess.withLocal(of: folder) { try await ServerAccess.assistants(at: $0) }
            #expect(after == before)
        }
    }

    @Test func failFast() async throws {
        let (status, report, _) = try await ending(
            ["error=400,path=/assistants,method=POST,nth=1"], ["--auto-approve", "--fail-fast"])
        #expect(status == 1)
        #expect(report["counts"]?["not_tried"] == 2)
    }

    @Test func refused() async throws {
        let (status, report, result) = try await ending([], ["--expect", "sha256:0"])
        #expect(status == 3)
        #expect(report["result"] == "refused")
        #expect(report["message"]?.string.map { result.errors.contains($0) } == true)
    }

    @Test func aBrokenPlan() async throws {
        let (status, report, _) = try await ending([], ["plan.json"])
        #expect(status == 1)
        #expect(report["result"] == "failed")
        #expect(report["message"]?.string?.contains("plan.json") == true)
    }

    @Test func nobodyToAsk() async throws {
        let (status, report, _) = try await ending([], [])
        #expect(status == 3)
        #expect(report["result"] == "refused")
    }

    /// The signal comes after the first creation's answer; what is in flight is finished and the rest is not tried.
    @Test func interrupted() async throws {
        var configuration = EmulatorConfiguration()
        configuration.faults = try FaultPlan(parsing: ["latency=700,path=/assistants,method=POST"])
        try await withTemporaryDirectory { folder in
            try await withEmulator(configuration) { address in
                // Two lists, for the plan and before creating, then the first creation.
                let proxy = KillingProxy(upstream: address.replacing("/v1", with: ""), stopAt: 3, .afterAnswer)
                try await proxy.run { proxied in
                    try folder.write([
                        "muster.yaml":
                            "project: p\ndefault_environment: e\nenvironments: {e: {base_url: \"\(proxied)/v1\"}}\n",
                        "a.yaml": "model: m\n", "b.yaml": "model: m\n", "c.yaml": "model: m\n",
                    ])
                    let process = try CommandFixture(folder: folder).start([
                        "apply", "--auto-approve", "--parallelism", "1", "--report", "report.json",
                    ])
                    proxy.onStop { kill(process.identifier, SIGINT) }
                    #expect(await process.wait() == 130)
                    let report = try JSONValue(parsing: Data(contentsOf: folder.appending(path: "report.json")))
                    #expect(report["exit_code"] == 130)
                    #expect(report["result"] == "interrupted")
                    // Whether the second had begun when the signal came is for the machine to say.
                    let counts = ["created", "not_tried"].map { report["counts"]?[$0]?.int ?? 0 }
                    #expect(counts.reduce(0, +) == 3 && counts.allSatisfy { $0 >= 1 }, "\(counts)")
                }
            }
        }
    }
}

/// What a server refuses, in its own words and with the line that says it.
struct RefusedFieldTests {
    @Test func aToolThatTheServerDoesNotKnowIsNamedWithItsLine() async throws {
        var configuration = EmulatorConfiguration()
        configuration.flavor = .openai
        try await withEmulator(configuration) { address in
            try await withTemporaryDirectory { folder in
                try folder.write([
                    "muster.yaml": """
                    project: p
                    default_environment: live
                    environments: {live: {base_url: "\(address)", dialect: openai}}

                    """,
                    "bot.yaml": "model: m\ntools:\n  - {type: bing_grounding, bing_grounding: {connections: []}}\n",
                ])
                let result = try await CommandFixture(folder: folder).run("apply", "--auto-approve")
                #expect(result.status == 1)
                #expect(result.output.contains("Invalid value: 'bing_grounding'."), "\(result.output)")
                #expect(result.output.contains("It is written at bot.yaml:2."), "\(result.output)")
            }
        }
    }

    @Test func doctorNeedsNoProject() async throws {
        try await withEmulator(EmulatorConfiguration()) { address in
            try await withTemporaryDirectory { folder in
                let muster = CommandFixture(folder: folder)
                let result = try await muster.run("doctor", "--base-url", address, "--model", "m", "--run")
                #expect(result.status == 0, "\(result.output)\(result.errors)")
                #expect(result.output.contains("m: functions"))
                #expect(result.output.contains("can be used as it is configured"))
            }
        }
    }
}
