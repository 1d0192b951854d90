import AssistantsAPI
import AssistantsClient
import JSONModel
import Testing

struct PagingTests {
    private func page(_ ids: some Sequence<Int>, hasMore: JSONValue? = nil) throws -> Page {
        var body: JSONObject = ["data": .array(ids.map { ["id": .string("a\($0)")] })]
        body["has_more"] = hasMore
        return try #require(Page(.object(body)))
    }

    @Test func goesOnAfterAFullPage() throws {
        var walk = PageWalk(limit: 3)
        walk.take(try page(1...3, hasMore: false))
        #expect(walk.cursor?.id == "a3")
    }

    @Test(arguments: [false, nil] as [JSONValue])
    func endsOnAShortPage(_ hasMore: JSONValue) throws {
        var walk = PageWalk(limit: 100)
        walk.take(try page(1...17, hasMore: hasMore))
        #expect(walk.cursor == nil)
    }

    @Test func goesOnAfterAShortPageThatIsNotTheLast() throws {
        var walk = PageWalk(limit: 100)
        walk.take(try page(1...17, hasMore: true))
        #expect(walk.cursor?.id == "a17")
    }

    /// Servers cap pages below what was asked, and say that nothing follows.
    @Test(arguments: [10, 20, 50])
    func doubtsAShortPageThatLooksLikeACap(_ count: Int) throws {
        var walk = PageWalk(limit: 100)
        walk.take(try page(1...count, hasMore: false))
        #expect(walk.cursor?.id == "a\(count)")
    }

    @Test func anItemWithoutAnIdIsCountedAndTheWalkGoesOn() throws {
        var walk = PageWalk(limit: 2)
        walk.take(try #require(Page(["data": [["id": "a"], ["name": "nameless"]], "has_more": true])))
        #expect(walk.withoutID == 1)
        #expect(walk.cursor?.id == "a")
    }

    @Test func endsOnAPageWithoutNewIds() throws {
        var walk = PageWalk()
        walk.take(try page(1...3, hasMore: true))
        walk.take(try page(1...3, hasMore: true))
        #expect(walk.cursor == nil)
        #expect(walk.items.count == 3)
    }

    @Test func endsOnAnEmptyPage() throws {
        var walk = PageWalk()
        walk.take(try page([], hasMore: true))
        #expect(walk.cursor == nil)
    }

    @Test func listThatIsLargerThanMemoryHasNoEnd() throws {
        var walk = PageWalk()
        for number in 0..<3 {
            walk.take(try #require(Page(["data": [["id": .string("a\(number)")]]], byteCount: 80 << 20)))
        }
        #expect(walk.isTooLong)
    }

    @Test func endlessListEndsWithASentence() async throws {
        let page = (0..<100).map { #"{"id":"x\#($0)"}"# }.joined(separator: ",")
        let pages = (0..<2_100).map { number in
            ScriptedTransport.Reply.json(#"{"data":[\#(page.replacing("x", with: "x\(number)-"))],"has_more":true}"#)
        }
        await #expect {
            try await client(ScriptedTransport(pages)).allAssistants()
        } throws: { error in
            "\(error)".contains("without an end of the list")
        }
    }

    @Test func readsEveryPageOldestFirst() async throws {
        let transport = ScriptedTransport([
            .json(#"{"data":[{"id":"a"},{"id":"b"}],"has_more":true}"#),
            .json(#"{"data":[{"id":"c"}],"has_more":false}"#),
        ])
        let all = try await client(transport).allAssistants(limit: 2)
        #expect(all.items.compactMap { $0["id"]?.string } == ["a", "b", "c"])
        #expect(
            transport.requests.map(\.url) == [
                "https://example.test/v1/assistants?order=asc&limit=2",
                "https://example.test/v1/assistants?order=asc&limit=2&after=b",
            ])
    }
}

/// Servers that ignore cursors, orders, or both.
struct CursorlessListTests {
    private func client(_ bodies: [String]) throws -> AssistantsClient {
        try AssistantsClient(
            baseURL: "https://example.test/v1", transport: ScriptedTransport(bodies.map { .json($0) }), random: { 0 })
    }

    private func body(_ ids: [Int], _ hasMore: String) -> String {
        #"{"data":[\#(ids.map { #"{"id":"a\#($0)"}"# }.joined(separator: ","))]\#(hasMore)}"#
    }

    @Test func theFirstPageOfAServerWithoutCursorsAndOrdersIsNotTakenForTheWhole() async throws {
        let page = body(Array(1...100), "")
        await #expect(throws: AssistantsError.self) {
            _ = try await client([page, page, page]).allAssistants()
        }
    }

    @Test func aServerThatIgnoresCursorsButKnowsOrdersIsReadFromBothEnds() async throws {
        let all = try await client([
            body(Array(1...20), ""), body(Array(1...20), ""), body(Array((5...24).reversed()), ""),
        ]).allAssistants()
        #expect(all.items.count == 24)
    }

    @Test func aServerThatAlwaysSendsEverythingMayBeSaidToDoSo() async throws {
        let all = try await client([body(Array(1...100), "")]).allAssistants(walk: .onePage)
        #expect(all.items.count == 100)
    }
}

struct PollingTests {
    @Test func looksOftenAtFirstAndThenEverySecond() {
        let pauses = (1...8).map { PollSchedule.standard.pause(afterPoll: $0, hint: nil).milliseconds }
        #expect(pauses == [100, 150, 225, 337, 506, 759, 1_000, 1_000])
    }

    @Test func obeysTheServersPause() {
        #expect(PollSchedule.standard.pause(afterPoll: 1, hint: .milliseconds(700)) == .milliseconds(700))
        #expect(PollSchedule.standard.pause(afterPoll: 1, hint: .seconds(60)) == .seconds(10))
    }

    @Test(arguments: ["completed", "failed", "cancelled", "expired", "incomplete", "requires_action"])
    func stopsAtASettledRun(status: String) async throws {
        let transport = ScriptedTransport([
            .json(#"{"id":"r","status":"queued"}"#), .json(#"{"id":"r","status":"brand_new"}"#),
            .json(#"{"id":"r","status":"\#(status)"}"#),
        ])
        let wait = try await client(transport).waitForRun("r", thread: "t", timeout: .seconds(60))
        guard case .settled(let run) = wait else {
            Issue.record("not settled: \(wait)")
            return
        }
        #expect(run.status.word == status)
        #expect(transport.requests.count == 3)
    }

    @Test func givesUpWhenTheTimeIsUp() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"r","status":"in_progress"}"#)])
        let clock = JumpingClock()
        let wait = try await client(transport, clock: clock).waitForRun("r", thread: "t", timeout: .seconds(5))
        guard case .timedOut(let run) = wait else {
            Issue.record("not timed out: \(wait)")
            return
        }
        #expect(run?.status == .inProgress)
        #expect(clock.sleeps.reduce(.zero, +) == .seconds(5))
    }

    @Test func looksAgainForARunThatIsNotThereYet() async throws {
        let transport = ScriptedTransport([.json("{}", status: 404), .json(#"{"id":"r","status":"completed"}"#)])
        let wait = try await client(transport).waitForRun("r", thread: "t", timeout: .seconds(5))
        guard case .settled = wait else {
            Issue.record("not settled: \(wait)")
            return
        }
    }
}
