import Foundation
import TestSupport
import Testing

/// A company's network with real parts: tinyproxy, an authority made by openssl, a host name of its own, and a machine without
/// any authorities. All of it in a namespace, so that nothing of it is seen from outside.
struct CorporateNetworkTests {
    private static let isPossible =
        ["unshare", "tinyproxy", "ip", "openssl", "python3"].allSatisfy(OutsideProgram.isInstalled) && geteuid() == 0

    @Test(.enabled(if: isPossible, "needs root, tinyproxy, iproute2 and openssl"))
    func everyWayInAndOutIsSaid() async throws {
        try await withTemporaryDirectory { folder in
            let script = OutsideProgram.fixtures().appending(path: "corporate_network.sh").path
            let result = try await OutsideProgram.run(
                "unshare", ["--mount", "--net", script, CommandFixture.program.path, folder.path, "python3"])
            let told = result.output.split(separator: "=== ").reduce(into: [String: String]()) { told, part in
                let name = part.prefix { $0 != "\n" }
                told[String(name), default: ""] += part.dropFirst(name.count)
            }
            func expect(_ name: String, _ code: Int, _ sentence: String, at place: SourceLocation = #_sourceLocation) {
                let text = told[name] ?? result.output
                #expect(text.contains("code \(code)\n"), "\(text)", sourceLocation: place)
                #expect(text.contains(sentence), "\(text)", sourceLocation: place)
            }
            expect("apply", 0, "Apply complete")
            expect("test", 0, "1 passed")
            expect("named", 2, "1 to add")
            expect("direct", 0, "No changes")
            expect("open", 0, "No changes")
            expect("wrong-password", 1, "through the proxy 127.0.0.1:3128: it did not make the connection")
            expect("no-such-proxy", 1, "through the proxy 127.0.0.1:9: connection refused")
            expect("strange-authority", 1, "this machine does not know the authority that made it")
            expect("slim", 1, "no certificate authorities were found on this machine")
            #expect(told["open-log"]?.contains("CONNECT bots.corp.test:443") == true)
            #expect(!result.output.contains("s3cret"))
            // What went directly is not in the proxy's log, and what went through it is.
            let counts = (told["log"] ?? "").split(separator: "\n").compactMap { Int($0.split(separator: " ")[0]) }
            #expect(counts.count == 2 && counts.first == counts.last && (counts.first ?? 0) >= 3, "\(counts)")
        }
    }
}
