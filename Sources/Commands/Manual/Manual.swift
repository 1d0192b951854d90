import Diagnostics
import Foundation
import Specs

/// Everything that the reference describes.
package enum Manual {
    /// In the order of the pages.
    package static let entries: [ManualEntry] =
        [
            CommandEntries.all, ManualFile.allCases.flatMap(\.entries), AssertionType.allCases.map(\.manualEntry),
            DiagnosticCode.allCases.map(\.manualEntry), ExitStatus.allCases.map(\.manualEntry),
        ].flatMap { $0 }

    /// What a word means.
    ///
    /// - Parameter word: a name, such as `latency`, `not-latency`, `test cleanup` or `4`, or the end of a key's path, such as
    ///   `lifecycle.ignore_changes` or `identity`.
    /// - Returns: entries of that name, then keys whose paths end so; nothing for an unknown word.
    package static func entries(named word: String) -> [ManualEntry] {
        let word = plain(word)
        let all = entries
        let exact = all.filter { plain($0.name) == word || $0.subject == .assertion && "not-" + $0.name == word }
        return exact + all.filter { isKey($0, word, exact) }
    }

    /// Words that are like an unknown one.
    ///
    /// - Parameter word: what was asked for.
    /// - Returns: some names, the nearest first.
    package static func names(near word: String) -> [String] {
        let word = plain(word)
        let names = entries.map { $0.subject.isKey ? $0.name.split(separator: ".").last.map(plain) ?? "" : $0.name }
        var seen: Set<String> = []
        let all = names.filter { seen.insert($0).inserted && !$0.isEmpty }
        let similar = NearestName.suggestions(for: word, among: all)
        let holding = all.filter { $0.contains(word) && !similar.contains($0) }
        return Array((similar + (word.count > 2 ? holding : [])).prefix(5))
    }

    /// Whether a key's path ends with a word, and was not found by its whole path.
    private static func isKey(_ entry: ManualEntry, _ word: String, _ found: [ManualEntry]) -> Bool {
        guard entry.subject.isKey, !found.contains(where: { $0.name == entry.name && $0.subject == entry.subject })
        else {
            return false
        }
        return plain(entry.name).hasSuffix("." + word)
    }

    /// A name without what the writer chooses: `environments.NAME.identity` is `environments.identity`.
    private static func plain(_ name: some StringProtocol) -> String {
        name.replacingOccurrences(of: "[]", with: "").replacingOccurrences(of: ".NAME", with: "").lowercased()
    }
}

extension ManualEntry.Subject {
    fileprivate var isKey: Bool {
        if case .key = self { true } else { false }
    }
}
