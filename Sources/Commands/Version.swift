import CBuildStamp

/// Which program this is.
enum Version {
    /// Raised with every release; docs/versioning.md says which part of it when.
    static let number = "0.1.0"

    /// What `--version` prints: the number, and what it was built from as far as the build was told.
    static let text = text(commit: String(cString: muster_build_commit()), date: String(cString: muster_build_date()))

    /// - Parameters:
    ///   - commit: empty where nobody told the build.
    ///   - date: of the commit; empty likewise.
    /// - Returns: one line.
    static func text(commit: String, date: String) -> String {
        "muster \(number) (commit \(commit.isEmpty ? "unknown" : commit), \(date.isEmpty ? "date unknown" : date))"
    }
}
