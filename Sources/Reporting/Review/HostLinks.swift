import TextSafety

/// Where a code host shows a file of a commit and the job that is running, from the variables that its runners set (GitHub:
/// "Variables reference"; GitLab: "Predefined CI/CD variables reference"). Nothing is linked elsewhere.
package struct HostLinks: Sendable {
    /// The commit that is looked at; nil outside of a job.
    package let commit: String?
    /// The page of the job; nil outside of a job.
    package let job: String?
    /// What stands before a file's path, slash included.
    private let files: String?

    /// No links.
    package static let none = HostLinks(variables: [:], folder: "")

    /// Reads the variables.
    ///
    /// - Parameters:
    ///   - variables: those of the process.
    ///   - folder: the project's folder as seen from the top of the repository; empty for the top itself.
    package init(variables: [String: String], folder: String) {
        let prefix = folder.isEmpty ? "" : Self.escaped(folder) + "/"
        let value = { (name: String) in variables[name].flatMap { Self.isAddressPart($0) ? $0 : nil } }
        if let server = value("GITHUB_SERVER_URL"), let repository = value("GITHUB_REPOSITORY"),
            server.hasPrefix("https://") || server.hasPrefix("http://")
        {
            commit = value("GITHUB_SHA")
            job = value("GITHUB_RUN_ID").map { "\(server)/\(repository)/actions/runs/\($0)" }
            files = commit.map { "\(server)/\(repository)/blob/\($0)/\(prefix)" }
        } else if let project = value("CI_PROJECT_URL"), project.hasPrefix("https://") || project.hasPrefix("http://") {
            commit = value("CI_COMMIT_SHA")
            job = value("CI_JOB_URL")
            files = commit.map { "\(project)/-/blob/\($0)/\(prefix)" }
        } else {
            (commit, job, files) = (nil, nil, nil)
        }
    }

    /// The address of a file's line.
    ///
    /// - Parameters:
    ///   - path: the file, relative to the project's folder.
    ///   - line: from 1; nil for the whole file.
    /// - Returns: nil where no host is known.
    package func address(of path: String, line: Int? = nil) -> String? {
        files.map { $0 + Self.escaped(path) + (line.map { "#L\($0)" } ?? "") }
    }

    /// A place as Markdown: linked code where a host is known, code otherwise.
    func markdown(_ path: String, line: Int? = nil) -> String {
        let shown = InertText.markdownCode(line.map { "\(path):\($0)" } ?? path, limit: 200, isInTable: true)
        return address(of: path, line: line).map { "[\(shown)](\($0))" } ?? shown
    }

    /// Bytes beyond the unreserved ones are escaped (RFC 3986, section 2.1); slashes stay.
    private static func escaped(_ path: String) -> String {
        path.utf8.map { byte -> String in
            let isPlain = isUnreserved(byte) || byte == UInt8(ascii: "/")
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return letters.contains(byte) || capitals.contains(byte) || digits.contains(byte) || "-._~".utf8.contains(byte)
    }

    /// What can stand in an address inside of Markdown without ending the link.
    private static func isAddressPart(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count < 500 && text.utf8.allSatisfy { isUnreserved($0) || ":/%+@".utf8.contains($0) }
    }
}
