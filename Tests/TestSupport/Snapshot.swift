import Foundation
package import Testing

/// Compares a whole output with the text in `Snapshots/<name>` beside the calling test. With `RECORD_SNAPSHOTS=1` the
/// file is written instead, and the test fails, so that a recording run is never mistaken for a passing one. Another
/// `folder` is for what is published somewhere else.
package func expectSnapshot(
    _ actual: String, _ name: String, folder subfolder: String = "Snapshots", filePath: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = URL(filePath: filePath).deletingLastPathComponent().appending(path: subfolder)
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(actual.utf8).write(to: file)
        Issue.record("recorded \(name); run again without RECORD_SNAPSHOTS", sourceLocation: sourceLocation)
        return
    }
    guard let expected = try? String(contentsOf: file, encoding: .utf8) else {  // missing and unreadable are told alike
        Issue.record("there is no snapshot \(name); RECORD_SNAPSHOTS=1 writes it", sourceLocation: sourceLocation)
        return
    }
    let difference = zip(
        expected.split(separator: "\n", omittingEmptySubsequences: false),
        actual.split(separator: "\n", omittingEmptySubsequences: false)
    ).first { $0 != $1 }
    #expect(
        actual == expected, "differs from \(name), first at: \(String(describing: difference))",
        sourceLocation: sourceLocation)
}
