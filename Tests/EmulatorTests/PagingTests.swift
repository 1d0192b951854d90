import JSONModel
import Testing

struct PagingTests {
    @Test func cursorsWalkBothOrdersOnce() async throws {
        try await withServer { client in
            var made: [String] = []
            for _ in 0..<7 { made.append(try await client.assistant()) }
            for (order, expected) in [("asc", made), ("desc", made.reversed())] {
                var seen: [String] = []
                var cursor = ""
                while true {
                    let page = try await client.get("assistants?limit=3&order=\(order)\(cursor)").json
                    seen += (page["data"]?.array ?? []).compactMap { $0["id"]?.string }
                    guard page["has_more"] == true, let last = page["last_id"]?.string else { break }
                    cursor = "&after=\(last)"
                }
                #expect(seen == expected)
            }
        }
    }

    @Test func beforeGivesThePreviousPage() async throws {
        try await withServer { client in
            var made: [String] = []
            for _ in 0..<6 { made.append(try await client.assistant()) }
            let page = try await client.get("assistants?order=asc&limit=2&before=\(made[4])").json
            #expect(page["data"]?.array?.compactMap { $0["id"]?.string } == Array(made[2...3]))
            #expect(page["has_more"] == true)
        }
    }

    @Test func afterAndBeforeBoundAPage() async throws {
        try await withServer { client in
            var made: [String] = []
            for _ in 0..<6 { made.append(try await client.assistant()) }
            let page = try await client.get("assistants?after=\(made[4])&before=\(made[1])").json
            #expect(page["data"]?.array?.compactMap { $0["id"]?.string } == [made[3], made[2]])
            #expect(page["has_more"] == false)
        }
    }

    @Test func emptyListHasEmptyIDs() async throws {
        try await withServer { client in
            let page = try await client.get("assistants").json
            #expect(page == ["object": "list", "data": [], "first_id": "", "last_id": "", "has_more": false])
        }
    }

    @Test(arguments: ["limit=0", "limit=101", "limit=x", "order=up", "after=asst_none"])
    func wrongParameterIsRefused(query: String) async throws {
        try await withServer { client in
            let answer = try await client.get("assistants?\(query)")
            #expect(answer.status == 400)
        }
    }
}
