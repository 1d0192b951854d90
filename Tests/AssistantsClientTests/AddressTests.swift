import AssistantsAPI
import AssistantsClient
import Testing

struct ServerAddressTests {
    @Test(arguments: [
        ("https://prod.dvcbot.net/api/assts/v1", "prod.dvcbot.net", true),
        ("http://127.0.0.1:8787", "127.0.0.1:8787", true), ("http://localhost/v1", "localhost", true),
        ("http://[::1]:80/v1", "[::1]", true), ("HTTPS://Example.TEST:443", "example.test", true),
        ("http://example.test", "example.test", false),
        ("http://127.0.0.1.example.test", "127.0.0.1.example.test", false),
        ("http://128.0.0.1", "128.0.0.1", false),
    ])
    func readsAddresses(text: String, name: String, isSafe: Bool) throws {
        let address = try #require(ServerAddress(text))
        #expect(address.name == name)
        #expect(address.isSafe == isSafe)
    }

    @Test(arguments: [
        "", "example.test", "ftp://example.test", "https://", "https://user:key@example.test", "https://a:0",
        "https://a:99999", "https://exam ple.test", "https://a\n.test", "https://[::1",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(ServerAddress(text) == nil)
    }

    @Test(arguments: [
        ("https://b.test/x", "https://b.test/x"), ("//b.test/x", "https://b.test/x"), ("/x", "https://a.test/x"),
        ("x", "https://a.test/v1/x"), ("javascript:alert(1)", "https://a.test/v1/javascript:alert(1)"),
    ])
    func resolvesRedirects(location: String, expected: String) throws {
        let address = try #require(ServerAddress("https://a.test/v1/assistants?limit=1"))
        #expect(address.resolving(location)?.text == expected)
    }
}

struct RedirectPolicyTests {
    private let read = HTTPRequest(method: .get, url: "https://a.test/v1/x")
    private let write = HTTPRequest(method: .post, url: "https://a.test/v1/x", body: [1])

    private func decide(_ request: HTTPRequest, _ status: Int, _ location: String?, followed: Int = 0)
        -> RedirectPolicy.Decision
    {
        RedirectPolicy.decision(request: request, status: status, location: location, followed: followed)
    }

    @Test(arguments: [200, 304, 404, 500])
    func takesOtherStatusesAsAnswers(status: Int) {
        #expect(decide(read, status, "https://b.test") == .answer)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func followsReadsOnTheSameServer(status: Int) {
        var next = read
        next.url = "https://a.test/v2/x"
        #expect(decide(read, status, "/v2/x") == .follow(next))
    }

    @Test func keepsMethodAndBodyOfWrites() {
        var next = write
        next.url = "https://a.test/v2/x"
        #expect(decide(write, 307, "/v2/x") == .follow(next))
        #expect(decide(write, 302, "/v2/x") == .refuse(target: "https://a.test/v2/x"))
    }

    @Test(arguments: ["https://b.test/x", "http://a.test/v1/x", "https://a.test:8443/v1/x"])
    func refusesOtherServers(location: String) {
        #expect(decide(read, 307, location) == .refuse(target: location))
    }

    @Test func endsACircle() {
        #expect(decide(read, 302, "/v1/x", followed: 5) == .refuse(target: "https://a.test/v1/x"))
    }
}
