package import JSONModel
package import States

/// What a server was found to do and not to do.
package struct DoctorReport: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable {
        case works
        /// It works in another way than the protocol says, which Muster knows how to live with.
        case limited
        case missing
        case failed
        /// It could not be found out.
        case unknown
    }

    package struct Check: Hashable, Sendable {
        /// What was looked at, such as `update`.
        package let subject: String
        package let verdict: Verdict
        /// What was seen; empty when there is nothing to add.
        package let detail: String

        package init(_ subject: String, _ verdict: Verdict, _ detail: String = "") {
            self.subject = subject
            self.verdict = verdict
            self.detail = detail
        }
    }

    package var checks: [Check] = []
    /// Lines for the environment in `muster.yaml`, where its present settings do not fit.
    package var settings: [String] = []
    /// Throw-away assistants that could not be deleted again.
    package var leftovers: [AssistantID] = []

    package init() {}

    /// Whether the environment can be used as it is configured.
    package var isUsable: Bool {
        settings.isEmpty && !checks.contains { $0.verdict == .failed || $0.verdict == .unknown }
    }

    /// The report for machines.
    package var json: JSONValue {
        [
            "format_version": "1.0", "usable": .bool(isUsable),
            "checks": .array(
                checks.map { check in
                    [
                        "subject": .string(check.subject), "verdict": .string(check.verdict.rawValue),
                        "detail": .string(check.detail),
                    ]
                }),
            "settings": .array(settings.map(JSONValue.string)),
            "leftovers": .array(leftovers.map { .string($0.text) }),
        ]
    }
}

/// The report for people.
package struct DoctorText {
    private let palette: Palette

    package init(palette: Palette) {
        self.palette = palette
    }

    /// One line per check, then what to write into `muster.yaml`.
    package func text(_ report: DoctorReport, environment: String) -> String {
        let width = report.checks.map { DisplayText.width($0.subject) }.max() ?? 0
        var lines = report.checks.map { check in
            let detail = check.detail.isEmpty ? "" : "  \(DisplayText.inert(check.detail))"
            let subject = detail.isEmpty ? check.subject : DisplayText.padded(check.subject, to: width)
            return "  \(sign(check.verdict)) \(subject)\(detail)"
        }
        if !report.leftovers.isEmpty {
            let ids = report.leftovers.map { DisplayText.inert($0.text) }.joined(separator: ", ")
            lines += ["", "\(palette.paint("Left on the server", .warning)), because it cannot delete: \(ids)"]
        }
        lines.append("")
        if !report.settings.isEmpty {
            lines.append("Write into muster.yaml, under environments.\(DisplayText.inert(environment)):")
            lines += report.settings.map { "  \($0)" }
        } else if report.isUsable {
            lines.append(palette.paint("The environment can be used as it is configured.", .emphasis))
        } else {
            lines.append(palette.paint("The environment cannot be used.", .failure))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func sign(_ verdict: DoctorReport.Verdict) -> String {
        switch verdict {
        case .works: palette.paint("✓", .added)
        case .limited: palette.paint("~", .changed)
        case .missing: palette.paint("-", .warning)
        case .failed: palette.paint("✗", .failure)
        case .unknown: palette.paint("?", .warning)
        }
    }
}
