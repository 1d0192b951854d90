import Foundation
import TestSupport
import Testing

/// A server that hangs at one request of a test, whichever, and somebody who wants the program to end.
@Suite(.timeLimit(.minutes(5)))
struct SignalTests {
    /// The list, the thread, its message, the run, a look at it, its messages, the deletion, the list again.
    private static let requests = 1...8

    /// What a slow machine may take for the few seconds of an ending; a request's own time limit is ten minutes.
    private static let patience = Duration.seconds(60)

    @Test(arguments: requests, [SIGINT, SIGTERM])
    func aSignalEndsATestWhereverItHangs(_ request: Int, _ signal: Int32) async throws {
        let test = "tests: [{name: t, prompt: Hello, assert: [{type: contains, value: Hello}]}]\n"
        try await withLiveProject(["bot.yaml": test]) { muster, _ in
            let settings = muster.folder.appending(path: "muster.yaml")
            let text = try String(contentsOf: settings, encoding: .utf8)
            let origin = try #require(text.firstMatch(of: /http:\/\/[0-9.:]+/)).output
            let (hang, answers) = AsyncStream<Never>.makeStream()
            let proxy = KillingProxy(upstream: String(origin), stopAt: request, .beforeSending, hang: hang)
            try await proxy.run { proxied in
                try text.replacing(origin, with: proxied).write(to: settings, atomically: true, encoding: .utf8)
                let begun = ContinuousClock.now
                let running = try muster.start(["test"])
                proxy.onStop { kill(running.identifier, signal) }
                // Before the first test there is nothing to clean up, and the signal itself ends the program.
                #expect(await running.wait() == (request == 1 ? signal : 130))
                answers.finish()
                #expect(begun.duration(to: .now) < Self.patience)
                #expect(proxy.count >= request)
                try text.write(to: settings, atomically: true, encoding: .utf8)
                let swept = try await muster.run("test", "cleanup")
                #expect(swept.status == 0, "\(swept.output)\(swept.errors)")
            }
        }
    }
}
