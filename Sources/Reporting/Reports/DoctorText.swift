package import JSONModel
package import Reports
import States

extension DoctorReport {
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
