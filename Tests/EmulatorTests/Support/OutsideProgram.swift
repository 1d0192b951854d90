import Foundation
import TestSupport

extension OutsideProgram {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The published schemas, where they stand beside the checkout.
    static let openapi: URL? = {
        var root = fixtures
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let file = root.deletingLastPathComponent().appending(path: "shared/openapi/assistants-v2.json")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }()
}
