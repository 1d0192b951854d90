package import JSONModel
package import Reports
import States

extension DoctorReport {
    /// The report for machines.
    package var json: JSONValue {
        [
            "format_version": "1.0", "usable": .bool(isUsable),
            "ready": .bool(isReady), "checks": .array(checks.map(Self.json)),
            "readiness": .array(readiness.map(Self.json)),
            "settings": .array(settings.map(JSONValue.string)),
            "leftovers": .array(leftovers.map { .string($0.text) }),
        ]
    }

    private static func json(_ check: Check) -> JSONValue {
        [
            "subject": .string(check.subject), "verdict": .string(check.verdict.rawValue),
            "detail": .string(check.detail),
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
        var lines = self.lines(report.checks)
        if !report.readiness.isEmpty {
            lines += ["", palette.paint("What is deployed, and its models", .emphasis)] + self.lines(report.readiness)
        }
        if !report.leftovers.isEmpty {
            let ids = report.leftovers.map { DisplayText.inert($0.text) }.joined(separator: ", ")
            lines += ["", "\(palette.paint("Left on the server", .warning)), because it cannot delete: \(ids)"]
        }
        lines.append("")
        if !report.settings.isEmpty {
            lines.append("Write into muster.yaml, under environments.\(DisplayText.inert(environment)):")
            lines += report.settings.map { "  \($0)" }
        } else if report.isUsable, !report.isReady {
            lines.append(palette.paint("The server can be used; what is deployed cannot, as marked above.", .failure))
        } else if report.isUsable {
            lines.append(palette.paint("The environment can be used as it is configured.", .emphasis))
        } else {
            lines.append(palette.paint("The environment cannot be used.", .failure))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func lines(_ checks: [DoctorReport.Check]) -> [String] {
        let width = checks.map { DisplayText.width(DisplayText.inert($0.subject)) }.max() ?? 0
        return checks.map { check in
            let subject = DisplayText.inert(check.subject)
            let detail = check.detail.isEmpty ? "" : "  \(DisplayText.inert(check.detail))"
            return
                "  \(sign(check.verdict)) \(detail.isEmpty ? subject : DisplayText.padded(subject, to: width))\(detail)"
        }
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
