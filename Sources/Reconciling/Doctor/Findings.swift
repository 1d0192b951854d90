import AssistantsClient
import Reports
import States

/// What an examination has found so far, and what follows from it: a pure value.
struct Findings {
    var report = DoctorReport()
    var missing: Set<ServerTraits.Operation> = []
    var hasMarks = true
    /// Nothing can be created, so no marks could be written.
    var isReadOnly = false
    var walksBothWays = false
    /// Nobody answers, or the key is refused: nothing else can be found out.
    var isUnreachable = false

    mutating func add(_ subject: String, _ verdict: DoctorReport.Verdict, _ detail: String = "") {
        report.checks.append(DoctorReport.Check(subject, verdict, detail))
    }

    /// The settings that the environment needs and does not have.
    ///
    /// - Parameters:
    ///   - traits: what its settings say now.
    ///   - walk: how they want the list read.
    /// - Returns: lines of YAML.
    func settings(instead traits: ServerTraits, walk: ListWalk) -> [String] {
        var lines: [String] = []
        let needsFile =
            isReadOnly || !hasMarks || missing.contains(.list) || missing.isSuperset(of: [.update, .delete])
        if needsFile, traits.identity != .file { lines.append("identity: file") }
        if missing != traits.missing {
            let words = ServerTraits.Operation.allCases.filter(missing.contains).map(\.rawValue)
            lines.append("missing_operations: [\(words.joined(separator: ", "))]")
        }
        if walk == .bothEnds, !walksBothWays { lines.append("paging: oldest_first") }
        return lines
    }
}
