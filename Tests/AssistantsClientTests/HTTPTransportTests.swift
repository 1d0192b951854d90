import AssistantsClient
import NIOCore
import NIOPosix
import Testing

/// Over a real socket: what AsyncHTTPClient throws must be sorted rightly.
struct HTTPTransportTests {
    @Test func readsAnAnswer() async throws {
        let answer = "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi"
        let response = try await exchange(with: answer) { transport, request in try await transport.send(request) }
        #expect(response.status == 200)
        #expect(response.headers["x-a"] == "b")
        #expect(response.body == Array("hi".utf8))
    }

    @Test func doesNotFollowRedirects() async throws {
        let answer = "HTTP/1.1 302 Found\r\nLocation: https://example.test/\r\nContent-Length: 0\r\n\r\n"
        let response = try await exchange(with: answer) { transport, request in try await transport.send(request) }
        #expect(response.status == 302)
    }

    @Test func refusesAnAnswerThatIsTooLarge() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + String(repeating: "x", count: 5_000)
        await #expect(throws: TransportError(.bodyTooLarge(limit: 1_000))) {
            try await exchange(with: answer, bodyLimit: 1_000) { transport, request in
                try await transport.send(request)
            }
        }
    }

    @Test func seesAConnectionThatEndsTooSoon() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await exchange(with: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhi", closes: true) {
                transport, request in
                try await transport.send(request)
            }
        }
        #expect(error?.kind == .connectionLost)
    }

    @Test func givesUpOnAnAnswerThatNeverEnds() async throws {
        await #expect(throws: TransportError(.timedOut)) {
            try await exchange(with: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhi") { transport, request in
                var request = request
                request.timeout = .milliseconds(100)
                return try await transport.send(request)
            }
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func seesThatNobodyListens(host: String) async throws {
        // A port of the system at which nobody listens; one that was free a moment ago may be another test's by now.
        let port = 1
        let error = await #expect(throws: TransportError.self) {
            try await withHTTPTransport { transport in
                try await transport.send(HTTPRequest(method: .get, url: "http://\(host):\(port)/"))
            }
        }
        #expect(error?.kind == .refused, "\(String(describing: error))")
    }

    @Test func streamsABody() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        let body = try await exchange(with: answer) { transport, request in
            var body: [UInt8] = []
            for try await chunk in try await transport.stream(request).chunks { body += chunk }
            return body
        }
        #expect(body == Array("hi".utf8))
    }

    /// Some gateways compress although nobody asked for it (RFC 9110, section 12.5.3).
    @Test func readsACompressedAnswer() async throws {
        let response = try await exchange(with: compressed(hi)) { transport, request in
            try await transport.send(request)
        }
        #expect(response.body == Array("hi".utf8))
    }

    @Test func boundsWhatACompressedAnswerBecomes() async throws {
        await #expect(throws: TransportError(.bodyTooLarge(limit: 1_000))) {
            try await exchange(with: compressed(fiveThousandLetters), bodyLimit: 1_000) { transport, request in
                try await transport.send(request)
            }
        }
    }

    @Test func seesACompressedAnswerThatIsDamaged() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await exchange(with: compressed(hi.prefix(12) + [0xFF, 0xFF, 0xFF, 0xFF])) { transport, request in
                try await transport.send(request)
            }
        }
        #expect(error == TransportError(.connectionLost, detail: "its compressed answer is damaged"))
    }

    /// Nothing of this kind mends itself, so it must not count as a connection that was lost.
    @Test func seesThatAPortDoesNotSpeakHTTPS() async throws {
        let error = await #expect(throws: TransportError.self) {
            try await exchange(with: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") { transport, request in
                var request = request
                request.url = request.url.replacing("http:", with: "https:")
                return try await transport.send(request)
            }
        }
        #expect(error == TransportError(.insecureConnection, detail: "it does not speak https at this port"))
    }

    /// "hi", as gzip wrote it.
    private let hi: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 200, 4, 0, 172, 42, 147, 216, 2, 0, 0, 0]
    /// Five thousand times "x", as gzip wrote it.
    private let fiveThousandLetters: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 218, 139, 111, 10, 63, 160, 0, 0, 0, 0,
        128, 183, 1, 38, 240, 219, 0, 136, 19, 0, 0,
    ]

    private func compressed(_ body: some Collection<UInt8>) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    private func exchange<Result: Sendable>(
        with answer: String, closes: Bool = false, bodyLimit: Int = 1 << 20,
        _ body: (HTTPTransport, HTTPRequest) async throws -> Result
    ) async throws -> Result {
        try await exchange(with: Array(answer.utf8), closes: closes, bodyLimit: bodyLimit, body)
    }

    /// Runs `body` against a server that sends `answer` to whoever says anything.
    private func exchange<Result: Sendable>(
        with answer: [UInt8], closes: Bool = false, bodyLimit: Int = 1 << 20,
        _ body: (HTTPTransport, HTTPRequest) async throws -> Result
    ) async throws -> Result {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(answer: answer, closes: closes))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { server.close(promise: nil) }
        let port = try #require(server.localAddress?.port)
        return try await withHTTPTransport(bodyLimit: bodyLimit) { transport in
            try await body(transport, HTTPRequest(method: .get, url: "http://127.0.0.1:\(port)/x"))
        }
    }
}
