import Foundation

/// A document of the repository: its fenced blocks, and what is done between them.
///
/// The word behind the fence says what a block is, and so how it is checked: `yaml` (`yaml FILE` for a file that the next
/// transcripts work with), `json`, `sh` (command lines), `console` (a transcript: what stands behind `$ ` is run, the rest is what
/// is printed, `…` standing for anything). `not-run: REASON` behind it takes a block out. `<!-- run: COMMAND -->` does what the
/// text tells the reader to do with an editor.
package struct MarkdownDocument: Sendable, CustomStringConvertible {
    package struct Block: Sendable {
        /// Of the opening fence, from 1.
        package let line: Int
        package let language: String
        /// What stands behind the language.
        package let rest: String
        package let lines: [String]

        package var text: String { lines.joined(separator: "\n") + "\n" }
        /// Why it is not run; nil for a block that is.
        package var excuse: String? {
            rest.hasPrefix("not-run:") ? rest.dropFirst("not-run:".count).trimmingCharacters(in: .whitespaces) : nil
        }
    }

    package enum Piece: Sendable {
        case block(Block)
        case command(String)
    }

    /// Below the repository.
    package let path: String
    package let text: String
    package let pieces: [Piece]

    package var description: String { path }

    package var blocks: [Block] {
        pieces.compactMap { if case .block(let block) = $0 { block } else { nil } }
    }

    private init(path: String, text: String) {
        self.path = path
        self.text = text
        var pieces: [Piece] = []
        var open: (line: Int, info: String, lines: [String])?
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if let block = open {
                if line.hasPrefix("```") {
                    let words = block.info.split(separator: " ", maxSplits: 1).map(String.init)
                    pieces.append(
                        .block(
                            Block(
                                line: block.line, language: words.first ?? "", rest: words.dropFirst().first ?? "",
                                lines: block.lines)))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                open = (index + 1, String(line.dropFirst(3)), [])
            } else if line.hasPrefix("<!-- run: "), line.hasSuffix(" -->") {
                pieces.append(.command(String(line.dropFirst("<!-- run: ".count).dropLast(" -->".count))))
            }
        }
        self.pieces = pieces
    }

    /// The README in both languages, and everything below `docs`.
    package static let all: [MarkdownDocument] = {
        let root = OutsideProgram.repository
        let below = FileManager.default.enumerator(atPath: root.appending(path: "docs").path(percentEncoded: false))
        let docs = (below?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        return (["README.md", "README.zh-TW.md"] + docs.sorted()).compactMap { path in
            let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)  // it was listed just now
            return text.map { MarkdownDocument(path: path, text: $0) }
        }
    }()
}
