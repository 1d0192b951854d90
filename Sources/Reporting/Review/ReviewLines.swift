import Planning
import States
import TextSafety

/// One assistant's block in Terraform's grammar, as lines for a terminal or a diff fence. docs/design.md#plans.
struct ReviewLines {
    let words: ReviewWords
    var fields = FieldLines()

    func block(_ item: Review.Item) -> [PlanLine] {
        let change = item.change
        let key = InertText.visible(change.key.text)
        let id = change.id.map { " [id=\(InertText.visible($0.text))]" } ?? ""
        var lines = [
            PlanLine(column: 2, [.init("# assistant.\(key) \(words.verb(change.action))", .emphasis), .init(id)])
        ]
        lines += ReviewWords.reasons(item).map { PlanLine(column: 2, "# (\(InertText.visible($0)))") }
        let sign = ReviewWords.sign(change.action)
        lines.append(PlanLine(sign, column: 4, "assistant \"\(key)\" {"))
        let width = change.fields.map(\.field.rawValue.count).max() ?? 0
        for field in change.fields { lines += fields.lines(field, action: change.action, nameWidth: width) }
        for (name, before, after) in ReviewWords.settings(change) {
            lines.append(PlanLine(.changed, column: FieldLines.column, "\(name) = \(before) -> \(after)"))
        }
        if change.unchangedFields > 0 {
            lines.append(
                PlanLine(column: FieldLines.column, "# " + ReviewWords.unchanged(change.unchangedFields), .dim))
        }
        return lines + [PlanLine(column: 4, "}")]
    }
}
