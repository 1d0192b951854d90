import AssistantsClient
import JSONModel
import Synchronization
import TestSupport
import Testing

/// A list that is read from many places at once must be the same as one that is read from its beginning.
struct KnownListTests {
    private func ids(_ range: some Sequence<Int>) -> [String] { range.map { "a\($0)" } }

    private func read(_ server: ListServer, knowing known: [String]) async throws -> [String] {
        let client = try AssistantsClient(baseURL: "https://example.test/v1", transport: server, random: { 0 })
        let list = try await client.allAssistants(knowing: known, walk: .ascending, parallelism: 8)
        return list.items.compactMap { $0["id"]?.string }
    }

    @Test func pagesAreReadAtOnceAndInTheServersOrder() async throws {
        let server = ListServer(ids(1...1_000))
        #expect(try await read(server, knowing: ids(1...1_000)) == ids(1...1_000))
        #expect(server.requests.count { $0.after == nil } == 1)
        #expect(server.requests.count == 12 + 1)  // the last page is followed by an empty one
    }

    @Test(arguments: 0..<20)
    func itIsTheWholeListInWhateverOrderTheServerHasIt(_ seed: Int) async throws {
        var random = Chance(seed: UInt64(seed))
        let all = ids(1...600).shuffled(using: &random)
        let known = all.shuffled(using: &random).prefix(400)
        #expect(try await read(ListServer(all), knowing: Array(known)) == all)
    }

    @Test func whatOthersCreatedMeanwhileIsThere() async throws {
        let all = ids(1...300) + ["new"]
        #expect(try await read(ListServer(all), knowing: ids(1...300)) == all)
    }

    @Test func whatOthersDeletedMeanwhileMakesItReadInOrder() async throws {
        let left = ids(1...89) + ids(91...300)
        let server = ListServer(left)
        #expect(try await read(server, knowing: ids(1...300)) == left)
        #expect(server.requests.count { $0.after == nil } == 2)
    }

    @Test func cappedPagesAreFollowed() async throws {
        #expect(try await read(ListServer(ids(1...300), cap: 20), knowing: ids(1...300)) == ids(1...300))
    }

    @Test func aServerThatIgnoresCursorsIsNotBelieved() async throws {
        let server = ListServer(ids(1...300), ignoresCursors: true)
        await #expect(throws: AssistantsError.self) { _ = try await read(server, knowing: ids(1...300)) }
    }

    @Test func aShortListIsReadInOrder() async throws {
        let server = ListServer(ids(1...120))
        #expect(try await read(server, knowing: ids(1...120)) == ids(1...120))
        #expect(server.requests.map(\.after) == [nil, "a100", "a120"])
    }
}

/// Serves one list in pages.
private final class ListServer: Transport {
    struct Asked {
        let after: String?
    }

    private let ids: [String]
    private let cap: Int
    private let ignoresCursors: Bool
    private let asked = Mutex<[Asked]>([])

    init(_ ids: [String], cap: Int = 100, ignoresCursors: Bool = false) {
        self.ids = ids
        self.cap = cap
        self.ignoresCursors = ignoresCursors
    }

    var requests: [Asked] { asked.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let after = request.url.split(separator: "&after=").dropFirst().first.map(String.init)
        asked.withLock { $0.append(Asked(after: after)) }
        var rest = ids[...]
        if request.url.contains("order=desc") { rest = Array(ids.reversed())[...] }
        if let after, !ignoresCursors {
            guard let place = rest.firstIndex(of: after) else {
                return HTTPResponse(status: 404, headers: [:], body: Array("{}".utf8))
            }
            rest = rest[(place + 1)...]
        }
        let page = rest.prefix(cap)
        let items = page.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        let body = #"{"data":[\#(items)],"has_more":\#(page.count < rest.count)}"#
        return HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        throw TransportError(.refused)
    }
}
