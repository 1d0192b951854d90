import Foundation
import TestSupport
import Testing

/// Every transcript in the documents is run, on the server `local`, and prints what stands there.
struct TranscriptTests {
    private static let documents = MarkdownDocument.all.filter { document in
        document.blocks.contains { $0.language == "console" && $0.excuse == nil }
    }

    @Test(arguments: documents)
    func printsWhatTheDocumentShows(document: MarkdownDocument) async throws {
        try await withTemporaryDirectory { folder in
            var reader = DocumentReader(folder: folder)
            for piece in document.pieces {
                switch piece {
                case .command(let command):
                    let result = try await reader.run(command)
                    #expect(result.status == 0, "\(document.path): \(command): \(result.output)")
                case .block(let block) where block.language == "yaml" && !block.rest.isEmpty && block.excuse == nil:
                    try reader.folder.write([block.rest: block.text])
                case .block(let block) where block.language == "console" && block.excuse == nil:
                    for step in Step.steps(of: block) {
                        let result = try await reader.run(step.command)
                        let (shown, printed) = (Printed(step.output), Printed(result.output))
                        #expect(
                            shown.matches(printed),
                            "\(document.path):\(block.line): $ \(step.command)\n\(printed.lines.joined(separator: "\n"))"
                        )
                    }
                case .block: break
                }
            }
        }
    }
}

/// Types what a document says.
private struct DocumentReader {
    var folder: URL

    /// Runs a line in a shell; where it changes the folder, the next one is run there.
    mutating func run(_ command: String) async throws -> OutsideProgram.Result {
        let place = FileManager.default.temporaryDirectory.appending(path: "muster-place-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }  // a leftover in the temporary folder harms nobody
        let (here, there) = (folder.path(percentEncoded: false), place.path(percentEncoded: false))
        let result = try await OutsideProgram.run(
            "sh", ["-c", "cd '\(here)' || exit 9\n\(command)\nstatus=$?\npwd > '\(there)'\nexit $status"],
            environment: [
                "PATH": CommandFixture.program.deletingLastPathComponent().path(percentEncoded: false)
                    + ":/usr/local/bin:/usr/bin:/bin", "HOME": here, "LANG": "C.UTF-8", "CI": "",
            ])
        let now = try String(contentsOf: place, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        folder = URL(filePath: now)
        return result
    }
}

/// A command of a transcript with what it prints.
private struct Step {
    let command: String
    let output: String

    static func steps(of block: MarkdownDocument.Block) -> [Step] {
        block.text.components(separatedBy: "\n$ ").enumerated().map { index, part in
            let text = index == 0 && part.hasPrefix("$ ") ? String(part.dropFirst(2)) : part
            let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return Step(command: lines.first ?? "", output: lines.dropFirst().first ?? "")
        }
    }
}

/// What is printed, without what differs from run to run: ids, digests, times, ports, and how wide a column must be for them.
private struct Printed {
    let lines: [String]

    init(_ text: String) {
        lines = text.split(separator: "\n").map(Self.plain)
    }

    private static func plain(_ line: Substring) -> String {
        String(line).replacing(/\d+(\.\d+)? m?s\b/, with: "TIME")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "DATE")
            .replacing(/127\.0\.0\.1:\d+/, with: "PORT")
            .replacing(/(sha256:|asst_dvc_)[0-9A-Za-z]+/) { "\($0.1)…" }
            .replacing(/\d{13}-/, with: "MOMENT-")
            .replacing(/\ {2,}/, with: "  ")
            .replacing(/\ +$/, with: "")
    }

    /// Whether what was printed is this, where `…` alone in a line stands for any lines.
    func matches(_ other: Printed) -> Bool {
        var rest = other.lines[...]
        var skips = false
        for line in lines {
            if line == "…" {
                skips = true
                continue
            }
            if skips {
                guard let place = rest.firstIndex(of: line) else { return false }
                rest = rest[place...]
                skips = false
            }
            guard rest.popFirst() == line else { return false }
        }
        return skips || rest.isEmpty
    }
}
