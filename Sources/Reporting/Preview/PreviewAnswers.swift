import Planning
import Reports

/// Two answers to the same question, by lines and words.
struct PreviewAnswers {
    let diff: TextDiff
    var lines: [TextDiff.Row] { diff.rows }

    /// - Parameter test: with an answer on each side; where one has none, or both say the same, there is nothing to compare.
    init?(_ test: PreviewReport.Test) {
        guard let before = test.deployed?.telling, let after = test.proposed.telling else { return nil }
        diff = TextDiff(from: before.everything, to: after.everything)
        let isChanged = diff.rows.contains {
            switch $0 {
            case .removed, .added: true
            case .context, .hidden: false
            }
        }
        guard isChanged || diff.differsInFinalBreak else { return nil }
    }
}
