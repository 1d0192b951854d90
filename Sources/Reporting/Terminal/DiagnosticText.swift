package import Diagnostics

/// Diagnostics for people: the sentence, the place, the line itself with a caret, what to do next.
package struct DiagnosticText {
    private let palette: Palette
    /// The lines of the files, each read once however many diagnostics it has.
    private let sources: Sources
    /// Columns of an excerpt; longer lines are cut around the caret.
    private static let excerptWidth = 110

    /// - Parameters:
    ///   - palette: the colours.
    ///   - source: the text of a file by its shown path; nil when it cannot be read any more.
    package init(palette: Palette, source: @escaping (_ file: String) -> String?) {
        self.palette = palette
        sources = Sources(read: source)
    }

    private final class Sources {
        private let read: (String) -> String?
        private var known: [String: SourceLines?] = [:]

        init(read: @escaping (String) -> String?) {
            self.read = read
        }

        func lines(of file: String) -> SourceLines? {
            if let lines = known[file] { return lines }
            let lines = read(file).map(SourceLines.init)
            known[file] = .some(lines)
            return lines
        }
    }

    /// All diagnostics and a closing count.
    package func text(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { text($0) }.joined(separator: "\n")
    }

    private func text(_ diagnostic: Diagnostic) -> String {
        let role: Palette.Role = diagnostic.severity == .error ? .failure : .warning
        let title = palette.paint(diagnostic.severity.rawValue, role)
        var lines = [
            "\(title): \(palette.paint(DisplayText.inert(diagnostic.message), .emphasis)) [\(diagnostic.code)]"
        ]
        if let range = diagnostic.range { lines += excerpt(range, mark: "^", role) }
        for note in diagnostic.notes {
            lines.append("  note: \(DisplayText.inert(note.message))")
            if let range = note.range { lines += excerpt(range, mark: "-", .dim) }
        }
        if let help = diagnostic.help { lines.append("  help: \(DisplayText.inert(help))") }
        return lines.map { $0 + "\n" }.joined()
    }

    private func excerpt(_ range: SourceRange, mark: Character, _ role: Palette.Role) -> [String] {
        let place = "  --> \(DisplayText.inert(range.file)):\(range.start.line):\(range.start.column)"
        guard let line = line(range.start.line, of: range.file) else { return [place] }
        let number = String(range.start.line)
        let gutter = String(repeating: " ", count: number.count)
        let scalars = Array(line.unicodeScalars)
        let start = min(range.start.column - 1, scalars.count)
        let isOneLine = range.end.line == range.start.line
        let end = max(start, min(isOneLine ? range.end.column - 1 : scalars.count, scalars.count))
        // A line may hold a megabyte; the reader needs the neighbourhood of the caret.
        let first = start > Self.excerptWidth - 30 ? start - 40 : 0
        let last = min(scalars.count, first + Self.excerptWidth)
        let shown = shown(scalars[first..<last])
        let before = DisplayText.width((first > 0 ? "…" : "") + self.shown(scalars[first..<start]))
        let marked = max(1, DisplayText.width(self.shown(scalars[start..<min(end, last)])))
        return [
            place,
            " \(gutter) |",
            " \(number) | \(first > 0 ? "…" : "")\(shown)\(last < scalars.count ? "…" : "")",
            " \(gutter) | \(String(repeating: " ", count: before))"
                + palette.paint(String(repeating: mark, count: marked), role),
        ]
    }

    private func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return DisplayText.inert(String(text))
    }

    private func line(_ number: Int, of file: String) -> Substring? {
        sources.lines(of: file)?[number]
    }
}
