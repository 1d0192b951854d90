import AssistantsAPI
import AssistantsClient
import JSONModel
import Testing
import TextSafety

struct ErrorTests {
    private func error(_ reply: ScriptedTransport.Reply) async throws -> AssistantsError {
        let client = try client(ScriptedTransport([reply]), retry: .never)
        return try #require(await failure { () throws(AssistantsError) in _ = try await client.assistant("asst_1") })
    }

    @Test(arguments: [
        (
            #"{"error":{"message":"No such thing.","type":"invalid_request_error","param":null,"code":null}}"#,
            "No such thing"
        ),
        (#"{"error":"plain words"}"#, "plain words"), (#"{"msg":"login failed"}"#, "login failed"),
        (#"{"message":"oops"}"#, "oops"), (#"{"detail":"Not found"}"#, "Not found"),
        (#"{"detail":[{"loc":["body","model"],"msg":"field required"}]}"#, "body.model: field required"),
        ("upstream\u{1B}[31m down\r\n", "upstream<U+001B>[31m down"),
        ("<html><body>no</body></html>", "the answer is a web page"),
    ])
    func readsEveryShapeOfError(body: String, message: String) async throws {
        let error = try await error(.body(body, status: 400))
        #expect(error.kind == .rejected(status: 400, message: message == "No such thing" ? "No such thing." : message))
        #expect(
            error.description == "example.test rejected GET /assistants/asst_1 (status 400): \(message).")
    }

    @Test func saysNothingAboutAnEmptyBody() async throws {
        let error = try await error(.body("", status: 422))
        #expect(error.description == "example.test rejected GET /assistants/asst_1 (status 422).")
    }

    @Test(arguments: [
        (401, AssistantsError.Kind.unauthorized(status: 401, message: "m")),
        (403, .unauthorized(status: 403, message: "m")), (404, .notFound(message: "m")),
        (429, .rateLimited(message: "m")), (503, .serverFailure(status: 503, message: "m")),
    ])
    func sortsStatuses(status: Int, kind: AssistantsError.Kind) async throws {
        #expect(try await error(.json(#"{"msg":"m"}"#, status: status)).kind == kind)
    }

    @Test func tellsASpentQuotaFromARateLimit() async throws {
        let body = #"{"error":{"message":"m","code":"insufficient_quota"}}"#
        #expect(try await error(.json(body, status: 429)).kind == .quotaExceeded(message: "m"))
    }

    @Test func showsAWebPageInsteadOfJSON() async throws {
        let page = "<html>\u{202E}<title>Sign\tin</title>"
        let error = try await error(.body(page, headers: ["content-type": "text/html"]))
        #expect(
            error.description
                == "example.test answered GET /assistants/asst_1 with text/html that is not JSON: "
                + "“<html><U+202E><title>Sign in</title>”.")
    }

    @Test func missesTheIdOfAnObject() async throws {
        let error = try await error(.json(#"{"object":"assistant"}"#))
        #expect(error.kind == .unexpectedAnswer(missing: "an id"))
    }

    @Test func namesTheServerThatCannotBeReached() async throws {
        let error = try await error(.failure(TransportError(.refused, detail: "connection refused")))
        #expect(error.description == "example.test cannot be reached: connection refused.")
    }

    @Test func namesTheRequest() async throws {
        let error = try await error(.json(#"{"msg":"m"}"#, status: 500, headers: ["X-Request-ID": "req_7"]))
        #expect(
            error.description == "example.test failed at GET /assistants/asst_1 (status 500): m (request id req_7).")
    }

    @Test func neverShowsTheKey() async throws {
        let error = try await error(.json(#"{"msg":"Incorrect API key: sk-secret-1234"}"#, status: 401))
        #expect(!error.description.contains("sk-secret"))
        #expect(error.description.contains("Incorrect API key: <REDACTED>"))
        #expect("\(Authorization.bearer(Secret("abc")))" == "bearer(<REDACTED>)")
    }

    @Test func refusesToSendAKeyInTheClear() throws {
        let refusal = #expect(throws: AssistantsError.self) {
            try client(ScriptedTransport([]), baseURL: "http://example.test/v1")
        }
        #expect(refusal?.kind == .insecureAddress)
    }

    @Test func refusesARedirectToAnotherServer() async throws {
        let error = try await error(.body("", status: 302, headers: ["location": "https://evil.test/x"]))
        #expect(error.kind == .redirected(target: "https://evil.test/x"))
    }

    @Test(arguments: [
        (ScriptedTransport.Reply.failure(TransportError(.connectionLost)), true),
        (.failure(TransportError(.refused)), false), (.json(#"{"msg":"m"}"#, status: 502), true),
        (.json(#"{"msg":"m"}"#, status: 400), false), (.body("<html>"), true),
    ])
    func knowsWhetherAWriteMayHaveHappened(reply: ScriptedTransport.Reply, mayHaveBeenDone: Bool) async throws {
        let client = try client(ScriptedTransport([reply]), retry: .never)
        let error = await failure { () throws(AssistantsError) in _ = try await client.createAssistant(["model": "m"]) }
        #expect(error?.mayHaveBeenDone == mayHaveBeenDone)
    }
}
