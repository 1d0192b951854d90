import Planning
import States
import TextSafety

/// Stores and files of a plan as lines for a terminal or a diff fence.
struct KnowledgeLines {
    /// Files of one store that are named; the rest is counted.
    var maximumFiles = 100
    /// Lines of one file's difference.
    var maximumLines = 40

    func block(_ change: KnowledgeChange) -> [PlanLine] {
        let key = InertText.visible(change.key.text)
        let id = change.id.map { " [id=\(InertText.visible($0.text))]" } ?? ""
        var lines = [
            PlanLine(
                column: 2, [.init("# knowledge.\(key) \(KnowledgeWords.verb(change.action))", .emphasis), .init(id)])
        ]
        lines += KnowledgeWords.reasons(change).map { PlanLine(column: 2, "# (\(InertText.visible($0)))") }
        lines.append(PlanLine(KnowledgeWords.sign(change.action), column: 4, "knowledge \"\(key)\" {"))
        for setting in change.settings {
            let cause = setting.cause == .change ? "" : "  # \(setting.cause.rawValue)"
            lines.append(
                PlanLine(
                    .changed, column: FieldLines.column,
                    InertText.visible("\(setting.name) = \(setting.before) -> \(setting.after)") + cause))
        }
        lines += files(change.files)
        if change.unchangedFiles > 0 {
            lines.append(
                PlanLine(column: FieldLines.column, "# " + KnowledgeWords.unchanged(change.unchangedFiles), .dim))
        }
        return lines + [PlanLine(column: 4, "}")]
    }

    private func files(_ files: [KnowledgeFileChange]) -> [PlanLine] {
        let rest = files.count - maximumFiles
        // A remark takes a line, too.
        let shown = rest > 1 ? Array(files.prefix(maximumFiles)) : files
        var lines = shown.flatMap(self.lines)
        if rest > 1 { lines.append(PlanLine(column: FieldLines.column, "# (\(rest) more files)", .dim)) }
        return lines
    }

    private func lines(_ file: KnowledgeFileChange) -> [PlanLine] {
        let remark = InertText.visible(KnowledgeWords.remark(file))
        let role: Palette.Role =
            switch file.kind {
            case .failed: .failure
            case .awaited: .warning
            default: file.cause == .change ? .dim : .warning
            }
        let head = PlanLine(
            KnowledgeWords.sign(file.kind), column: FieldLines.column,
            [.init(InertText.visible(file.path))] + (remark.isEmpty ? [] : [.init("  " + remark, role)])
                + (file.texts == nil ? [] : [.init("  <<-EOT")]))
        guard let texts = file.texts else { return [head] }
        var fields = FieldLines()
        fields.maximumLines = maximumLines
        return [head] + fields.rows(from: texts.before, to: texts.after)
    }

    /// What is no store's: files of code interpreters, and what is deleted at the end.
    func others(_ plan: KnowledgePlan) -> [PlanLine] {
        let uploads = plan.uploads.map { file in
            PlanLine(
                .added, column: 4,
                InertText.visible("file \(file.path)  \(ByteCount.words(file.bytes)), to upload for code_interpreter"))
        }
        let rest = plan.leftovers.count - maximumFiles
        let shown = rest > 1 ? Array(plan.leftovers.prefix(maximumFiles)) : plan.leftovers
        let leftovers = shown.map { file in
            let size = file.bytes.map { "  \(ByteCount.words($0))" } ?? ""
            return PlanLine(
                .removed, column: 4,
                InertText.visible("file \(file.name) [id=\(file.id)]\(size), which nothing will use"))
        }
        let more = rest > 1 ? [PlanLine(column: 4, "# (\(rest) more files)", .dim)] : []
        return uploads + leftovers + more
    }
}
