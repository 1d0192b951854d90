import Emulator
import JSONModel
import NIOHTTP1
import Testing

struct HomePageTests {
    private func page(_ client: EmulatorClient, accept: String) async throws -> EmulatorClient.Answer {
        let root = client.baseURL.replacing("/v1", with: "/")
        return try await client.send(.GET, root, headers: ["accept": accept])
    }

    @Test func namesOnThePageAreInert() async throws {
        try await withServer { client in
            _ = try await client.assistant([
                "name": "<script>alert(1)</script>", "instructions": "\u{202E}turn & around", "tools": [Samples.search],
            ])
            let page = try await page(client, accept: "text/html")
            #expect(page.headers.first(name: "content-type")?.hasPrefix("text/html") == true)
            #expect(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
            #expect(!page.text.contains("<script"))
            #expect(page.text.contains("&lt;U+202E&gt;turn &amp; around"))
            #expect(page.text.contains("<span>SEARCH</span>"))
        }
    }

    @Test func terminalsGetPlainText() async throws {
        try await withServer { client in
            let id = try await client.assistant(["name": "a\u{1B}[31m"])
            let page = try await page(client, accept: "*/*")
            #expect(page.headers.first(name: "content-type")?.hasPrefix("text/plain") == true)
            #expect(page.text.contains("\(id)  a<U+001B>[31m"))
        }
    }

    @Test func serverWithAKeyTellsNoNames() async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = "secret"
        try await withServer(configuration) { client in
            _ = try await client.assistant(["name": "hidden"])
            let page = try await page(EmulatorClient(baseURL: client.baseURL), accept: "text/html")
            #expect(page.status == 200)
            #expect(!page.text.contains("hidden"))
            #expect(!page.text.contains("secret"))
        }
    }
}
