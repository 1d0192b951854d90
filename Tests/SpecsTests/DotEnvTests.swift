import Diagnostics
import JSONModel
import Specs
import States
import TestSupport
import Testing

/// `.env` beside `muster.yaml`.
struct DotEnvTests {
    private func instructions(
        _ file: String, _ setting: String = "dotenv: true", set: [String: String] = [:]
    ) -> (text: String?, problems: [String]) {
        let fixture = ProjectFixture(
            [
                "muster.yaml": "project: p\n\(setting)\n", ".env": file,
                "bot.yaml": "model: m\ninstructions: {env: X}\n",
            ], variables: set)
        let text = try? fixture.desired("bot").fields[.instructions]?.string
        return (
            text, fixture.diagnostics.map { "\($0.code) \($0.range?.file ?? ""):\($0.range?.start.line ?? 0)" }
        )
    }

    @Test(
        arguments: [
            ("X=a", "a"), ("export X = a b ", "a b"), ("X=a # why", "a"), ("X=a#b", "a#b"), ("X='a # b'", "a # b"),
            (#"X="a\n\"b\"""#, "a\n\"b\""), ("# X=b\n\nX=a\r\n", "a"), ("X=$HOME", "$HOME"), ("X=1\nX=2", "2"),
            ("X=台北", "台北"),
        ])
    func aValueIsReadAsItStands(file: String, value: String) {
        let (text, problems) = instructions(file)
        #expect(text == value)
        #expect(problems.isEmpty)
    }

    @Test func whatIsSetInTheEnvironmentWins() {
        #expect(instructions("X=file", set: ["X": "real"]).text == "real")
    }

    @Test(arguments: ["", "dotenv: false"])
    func itIsReadOnlyWhereTheProjectSaysSo(setting: String) {
        #expect(instructions("X=file", setting).problems == ["unset-variable bot.yaml:2"])
    }

    @Test(arguments: ["sk-canary", "1X=sk-canary", "X=\"sk-canary", "X='sk-canary' more", "=sk-canary"])
    func aBrokenLineIsNamedAndNotShown(line: String) {
        let fixture = ProjectFixture(
            ["muster.yaml": "project: p\ndotenv: true\n", ".env": "Y=1\n\(line)\n", "bot.yaml": "model: m\n"])
        #expect(fixture.diagnostics.map(\.code) == ["bad-variable"])
        #expect(fixture.diagnostics.first?.range?.start.line == 2)
        #expect(!fixture.diagnostics.contains { "\($0)".contains("canary") })
    }
}
