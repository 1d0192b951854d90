import Foundation
import TestSupport

extension OutsideProgram {
    static let fixtures = repository.appending(path: "Tests/EmulatorTests/Fixtures")

    /// The published schemas, where they stand beside the checkout.
    static let openapi: URL? = {
        let file = repository.deletingLastPathComponent().appending(path: "shared/openapi/assistants-v2.json")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }()
}
