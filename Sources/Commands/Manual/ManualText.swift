import Reporting

/// An entry of the manual in a terminal.
struct ManualText {
    let palette: Palette
    let width: Int

    /// The whole entry.
    func text(_ entry: ManualEntry) -> String {
        var lines = [head(entry)]
        lines += entry.text.flatMap { indented($0, 2) }
        if !entry.parts.isEmpty { lines += [""] + table(entry.parts) }
        if let example = entry.example {
            lines.append("")
            if !example.lead.isEmpty { lines += indented(example.lead.replacing("`", with: ""), 2) }
            lines += example.lines.map { "    " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Its name and first sentence, for lists.
    func line(_ entry: ManualEntry) -> String {
        ([head(entry)] + indented(entry.text.first ?? "", 2)).joined(separator: "\n") + "\n"
    }

    private func head(_ entry: ManualEntry) -> String {
        let takes = entry.takes.isEmpty ? "" : ": \(entry.takes.replacing("`", with: ""))"
        return "\(palette.paint(entry.name, .emphasis)), \(entry.subject.words)\(takes)"
    }

    /// Terms in a column of their own, as wide as most of them need.
    private func table(_ parts: [ManualEntry.Part]) -> [String] {
        let column = min(24, (parts.map(\.term.count).max() ?? 0) + 2)
        return parts.flatMap { part in
            let takes = part.takes.isEmpty ? "" : "\(part.takes.replacing("`", with: "")). "
            let words = indented(takes + part.meaning, 2 + column)
            guard part.term.count < column, let first = words.first else { return ["  " + part.term] + words }
            let room = String(repeating: " ", count: column - part.term.count)
            return ["  \(part.term)\(room)\(first.drop { $0 == " " })"] + words.dropFirst()
        }
    }

    private func indented(_ text: String, _ indent: Int) -> [String] {
        DisplayText.wrapped(text, to: max(30, width - indent), maximumLines: 40)
            .map { String(repeating: " ", count: indent) + $0 }
    }
}
