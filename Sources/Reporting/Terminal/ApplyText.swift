package import Reports
package import States

/// The table at the end of an apply.
package struct ApplyText {
    private let palette: Palette

    package init(palette: Palette) {
        self.palette = palette
    }

    /// One row per assistant and Terraform's closing line.
    ///
    /// - Parameters:
    ///   - report: what was done.
    ///   - told: outcomes whose rows were printed when they came, so that nothing is said twice.
    /// - Returns: lines, each ended.
    package func text(_ report: ApplyReport, told: Set<ApplyReport.Outcome> = []) -> String {
        let width = Self.width(report.outcomes.map(\.key))
        var lines = report.outcomes.filter { !told.contains($0) }.map { row($0, width) }
        if lines.isEmpty, !told.isEmpty { lines.append("") }
        if lines.last?.isEmpty == false { lines.append("") }
        let files = files(report.knowledge)
        if !files.isEmpty { lines += files + [""] }
        if let problem = report.problem { lines += [palette.paint(DisplayText.inert(problem), .failure), ""] }
        for reading in report.otherReadings { lines += [otherReading(reading), ""] }
        lines.append(palette.paint(summary(report), report.isComplete ? .emphasis : .failure))
        return lines.map { $0 + "\n" }.joined()
    }

    private func otherReading(_ reading: ApplyReport.OtherReading) -> String {
        let names = reading.fields.map(\.rawValue).joined(separator: ", ")
        return
            "\(palette.paint(DisplayText.inert(reading.key.text), .warning)): \(names) reads otherwise than the server "
            + "answered when it was written. Somebody edited it since, or the server shows it in another way: "
            + "--accept-readings says the latter. Until then plans show it as drift."
    }

    /// Columns of the longest key.
    package static func width(_ keys: [AssistantKey]) -> Int {
        keys.map { DisplayText.width(DisplayText.inert($0.text)) }.max() ?? 0
    }

    /// What became of one assistant.
    ///
    /// - Parameters:
    ///   - outcome: the assistant's.
    ///   - width: columns of the keys.
    /// - Returns: a line without its break.
    package func row(_ outcome: ApplyReport.Outcome, _ width: Int) -> String {
        let (word, role) = word(outcome.status)
        let id = outcome.id.map { "  " + DisplayText.inert($0.text) } ?? ""
        let message = outcome.message.map { "  " + DisplayText.inert($0) } ?? ""
        let key = DisplayText.padded(DisplayText.inert(outcome.key.text), to: width)
        return "  \(key)  \(palette.paint(DisplayText.padded(word, to: 12), role))\(id)\(message)"
    }

    /// What became of one store.
    ///
    /// - Parameter outcome: the store's.
    /// - Returns: a line without its break.
    package func row(_ outcome: KnowledgeReport.Outcome) -> String {
        let (word, role) = word(outcome.status)
        let counts = [(outcome.added, "added"), (outcome.removed, "removed")].filter { $0.0 > 0 }
            .map { "\(ByteCount.files($0.0)) \($0.1)" }
        let id = outcome.id.map { "  " + DisplayText.inert($0.text) } ?? ""
        let rest = (counts + [outcome.message].compactMap { $0 }.map { DisplayText.inert($0) }).joined(separator: ", ")
        let key = DisplayText.inert("knowledge.\(outcome.key)")
        return
            "  \(key)  \(palette.paint(DisplayText.padded(word, to: 12), role))\(id)\(rest.isEmpty ? "" : "  " + rest)"
    }

    /// What became of files beside the stores; and what went wrong.
    private func files(_ report: KnowledgeReport) -> [String] {
        var parts: [String] = []
        if report.uploadedFiles > 0 {
            parts.append("\(ByteCount.files(report.uploadedFiles)) uploaded (\(ByteCount.words(report.uploadedBytes)))")
        }
        if report.deletedFiles > 0 { parts.append("\(ByteCount.files(report.deletedFiles)) deleted that nothing uses") }
        let problems = report.problems.map { palette.paint(DisplayText.inert($0), .failure) }
        return problems + (parts.isEmpty ? [] : ["Files: \(parts.joined(separator: ", "))."])
    }

    private func word(_ status: ApplyReport.Status) -> (String, Palette.Role) {
        switch status {
        case .created: ("created", .added)
        case .updated: ("updated", .changed)
        case .replaced: ("replaced", .changed)
        case .deleted: ("deleted", .removed)
        case .alreadyDone: ("already done", .dim)
        case .refusedAsStale: ("stale", .failure)
        case .failed: ("failed", .failure)
        case .notTried: ("not tried", .warning)
        }
    }

    private func summary(_ report: ApplyReport) -> String {
        let replaced = report.count(.replaced)
        let (added, destroyed) = (report.count(.created) + replaced, report.count(.deleted) + replaced)
        let counts = "\(added) added, \(report.count(.updated)) changed, \(destroyed) destroyed"
        if report.isComplete, !report.didAnything {
            return "Nothing was done: every assistant was already as the plan wants it."
        }
        guard !report.isComplete else { return "Apply complete! Assistants: \(counts)." }
        let missing = [
            (report.count(.failed), "failed"), (report.count(.refusedAsStale), "refused as stale"),
            (report.count(.notTried), "not tried"),
        ]
        let knowledge = report.knowledge.isComplete ? [] : ["the knowledge is not as the plan wants it"]
        let rest = (missing.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" } + knowledge).joined(separator: ", ")
        let tail = rest.isEmpty ? "" : "; \(rest)"
        return "Apply \(report.wasInterrupted ? "interrupted" : "incomplete"). Assistants: \(counts)\(tail)."
    }
}
