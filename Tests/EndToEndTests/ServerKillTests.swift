import Foundation
import JSONModel
import Synchronization
import TestSupport
import Testing

/// `kill -9` of a server under load loses nothing that it has acknowledged.
@Suite(.timeLimit(.minutes(10)))
struct ServerKillTests {
    /// The ids of creations whose answers have come.
    private final class Acknowledged: Sendable {
        private let ids = Mutex<Set<String>>([])

        var all: Set<String> { ids.withLock { $0 } }

        /// Adds one and tells how many there are.
        func add(_ id: String) -> Int {
            ids.withLock { ids in
                ids.insert(id)
                return ids.count
            }
        }
    }

    @Test func noAcknowledgedWriteIsLost() async throws {
        try await withTemporaryDirectory { folder in
            let acknowledged = Acknowledged()
            for round in 1...(LongTests.areWanted ? 8 : 2) {
                let (process, address) = try await ServedProgram.start(in: folder)
                let identifier = process.processIdentifier
                await withTaskGroup(of: Void.self) { group in
                    for worker in 0..<8 {
                        group.addTask {
                            await Self.create("\(round)-\(worker)", at: address, acknowledged) { count in
                                if count >= round * 60 { kill(identifier, SIGKILL) }
                            }
                        }
                    }
                }
                process.waitUntilExit()
            }
            let (process, address) = try await ServedProgram.start(in: folder)
            defer { process.terminate() }
            let found = Set(try await ServerAccess.allAssistants(at: address).compactMap { $0["id"]?.string })
            let all = acknowledged.all
            #expect(all.count >= 100)
            #expect(all.isSubset(of: found), "lost: \(all.subtracting(found).count) of \(all.count)")
            print("killed under load: none of \(all.count) acknowledged creations lost")
        }
    }

    /// Creates assistants until the server is gone.
    private static func create(
        _ name: String, at address: String, _ acknowledged: Acknowledged, then: @Sendable (Int) -> Void
    ) async {
        for number in 0... {
            let body: JSONObject = ["model": "m", "name": .string("\(name)-\(number)")]
            guard let id = try? await ServerAccess.create(body, at: address) else { return }  // the server is gone
            then(acknowledged.add(id))
        }
    }
}
