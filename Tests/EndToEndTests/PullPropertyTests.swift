import Foundation
import JSONModel
import States
import TestSupport
import Testing

/// Random objects of a server, hostile names and unknown members among them, through pull, fmt, validate and plan: no path
/// outside of the project, what was written loads again and means what the server has, and nothing of the server's is read as
/// a reference.
struct PullPropertyTests {
    @Test(.timeLimit(.minutes(10)), arguments: 0..<(LongTests.areWanted ? 60 : 12))
    func whatPullWritesLoadsAgainAndPlansToNothing(_ seed: Int) async throws {
        var random = Chance(seed: UInt64(seed))
        let server = ObjectServer((0..<6).map { RandomAssistant.object($0, &random) })
        try await withTemporaryDirectory { folder in
            let project = folder.appending(path: "deep/down/project")
            try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
            try await server.run { address in
                try Data(
                    """
                    project: p
                    default_environment: e
                    environments:
                      e: {base_url: "\(address)"}

                    """.utf8
                ).write(to: project.appending(path: "muster.yaml"))
                let muster = CommandFixture(folder: project, environment: ["CANARY": "canary-value"])
                let pulled = try await muster.run("pull", "--adopt")
                #expect([0, 1, 5].contains(pulled.status), "\(pulled.errors)")
                try Self.check(folder, project)
                let formatted = try await muster.run("fmt")
                #expect(formatted.status == 0, "\(formatted.errors)")
                let valid = try await muster.run("validate")
                #expect(valid.status == 0, "\(valid.errors)")
                let plan = try await muster.run("plan", "--format", "json")
                #expect(plan.status == 0, "\(plan.errors)")
                let changes = try JSONValue(parsing: plan.output)["resource_changes"]?.array ?? []
                for change in changes {
                    #expect(change["change"]?["actions"] == ["no-op"], "\(change.text(.pretty)) \(pulled.errors)")
                }
                let text = pulled.output + pulled.errors + plan.output
                #expect(!text.contains("canary-value"))
                #expect(server.all.allSatisfy { !$0.text().contains("canary-value") })
            }
        }
    }

    /// Nothing but the project's folder has come to be.
    private static func check(_ folder: URL, _ project: URL) throws {
        let root = folder.path(percentEncoded: false)
        let made = try FileManager.default.subpathsOfDirectory(atPath: root)
        let outside = made.filter { !$0.hasPrefix("deep/down/project") && !"deep/down/project".hasPrefix($0) }
        #expect(outside == [])
        let climbing = made.filter { $0.split(separator: "/").contains("..") || $0.contains("gh/workflows") }
        #expect(climbing == [])
    }
}

/// Assistants as servers, other programs and attackers may leave them.
private enum RandomAssistant {
    private static let texts = [
        "Bot", "../../gh/workflows/evil", "", ".", "..", "a/b", "नमस्ते दुनिया", "สวัสดี", "Cafe\u{301}", "Caf\u{E9}", "客服 機器人",
        "\u{202E}evil", "line\nbreak", "{env: CANARY}", "{{name}}", "*alias", "&anchor", "!!tag", "muster", "tools/x",
        "sk-0123456789", "CON", "BOT", "bot", "a\u{2028}b", "true", "1e3", "- x", "# c", "'q'", "\"", "😀",
    ]
    private static let numbers: [JSONValue] = [
        1, 0, -1, 1e-05, 1e300, .bigInteger("18446744073709551615"), 0.1, 123456789.123, 1e19, -0.0,
    ]

    static func object(_ number: Int, _ random: inout Chance) -> JSONValue {
        var object: JSONObject = [
            "id": .string("asst_\(number)"), "object": "assistant", "created_at": .integer(1_700_000_000 + number),
            "model": .string("m"), "name": .string(text(&random)), "unknown_member": value(2, &random),
        ]
        if Bool.random(using: &random) { object["description"] = .string(text(&random)) }
        if Bool.random(using: &random) { object["instructions"] = .string(text(&random) + "\n" + text(&random)) }
        if Int.random(in: 0..<6, using: &random) == 0 { object["description"] = ["env": "CANARY"] }
        if Int.random(in: 0..<8, using: &random) == 0 { object["instructions"] = ["file": "/etc/passwd"] }
        if Bool.random(using: &random) { object["temperature"] = 0.00001 }
        object["metadata"] = .object(JSONObject([(key: text(&random), value: .string(text(&random)))]))
        if Int.random(in: 0..<6, using: &random) == 0 { object["metadata"] = ["env": ["env": "CANARY"]] }
        object["tools"] = .array((0..<Int.random(in: 0...2, using: &random)).map { tool($0, &random) })
        return .object(object)
    }

    private static func tool(_ number: Int, _ random: inout Chance) -> JSONValue {
        let names = ["SEARCH", "search", "Look-Up_1", "../../gh/workflows/evil", "CON", text(&random)]
        return [
            "type": "function",
            "function": [
                "name": .string((names.randomElement(using: &random) ?? "F") + (number > 0 ? "\(number)" : "")),
                "parameters": ["type": "object", "properties": ["env": value(2, &random), "file": value(1, &random)]],
                "members": value(1, &random),
            ],
        ]
    }

    private static func value(_ depth: Int, _ random: inout Chance) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: .string(text(&random))
        case 1: numbers.randomElement(using: &random) ?? 0
        case 2: .bool(true)
        case 3: .null
        case 4: .array([value(depth - 1, &random), value(depth - 1, &random)])
        default: .object(JSONObject([(key: text(&random), value: value(depth - 1, &random))]))
        }
    }

    private static func text(_ random: inout Chance) -> String {
        texts.randomElement(using: &random) ?? "x"
    }
}
