/// One thing that is wrong, or worth knowing, in what a user wrote.
package struct Diagnostic: Error, Hashable, Sendable {
    package enum Severity: String, Sendable {
        case error, warning
    }

    /// A second place that explains the first.
    package struct Note: Hashable, Sendable {
        package let message: String
        package let range: SourceRange?

        package init(_ message: String, at range: SourceRange? = nil) {
            self.message = message
            self.range = range
        }
    }

    package let severity: Severity
    /// What is the matter.
    package let rule: DiagnosticCode
    /// Its stable name for machines, such as `unknown-key`.
    package var code: String { rule.rawValue }
    /// One sentence: what was found and what is allowed.
    package let message: String
    package let range: SourceRange?
    /// What to do next, such as the nearest valid word.
    package let help: String?
    package let notes: [Note]

    package init(
        _ severity: Severity = .error, code: DiagnosticCode, _ message: String, at range: SourceRange?,
        help: String? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        rule = code
        self.message = message
        self.range = range
        self.help = help
        self.notes = notes
    }
}

/// Gathers diagnostics, so that one run reports every problem of every file.
package final class DiagnosticCollector {
    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    package func emit(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
        hasErrors = hasErrors || diagnostic.severity == .error
    }

    package private(set) var hasErrors = false

    /// Every diagnostic once, by file and place.
    package var sorted: [Diagnostic] {
        diagnostics.inOrder
    }
}

extension [Diagnostic] {
    /// Every diagnostic once, by file and place.
    package var inOrder: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let unique = filter { seen.insert($0).inserted }
        return unique.sorted { left, right in
            guard let a = left.range, let b = right.range else { return left.range == nil && right.range != nil }
            return a.file == b.file ? a.start < b.start : a.file < b.file
        }
    }
}
