import Foundation

/// Public test suites, which stand beside the checkout and are not part of it.
package enum PublicSuites {
    /// The folder `../shared/suites`, seen from the checkout's root.
    private static let folder = OutsideProgram.repository.appending(path: "../shared/suites").standardizedFileURL

    /// Why tests of a suite are left out.
    package static let note = "left out: the package suites are not beside the checkout, at ../shared/suites"

    /// Whether a suite is there.
    package static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).path())
    }

    /// The bytes of one file of a suite.
    package static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: path)))
    }

    /// The files of a folder whose names end in `.json`, in their order.
    package static func files(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path())
            .filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" }
    }
}
