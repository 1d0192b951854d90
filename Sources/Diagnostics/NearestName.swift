/// Finds the word that a misspelt one was meant to be.
package enum NearestName {
    /// The candidate with the fewest edits, if it is near enough to be worth a question.
    ///
    /// - Parameters:
    ///   - word: what was written.
    ///   - candidates: what is allowed.
    /// - Returns: the nearest candidate within a third of the word's length (at least one edit), ignoring case.
    package static func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
        suggestions(for: word, among: candidates).first
    }

    /// All candidates that are near enough, the nearest first; see ``suggestion(for:among:)``.
    package static func suggestions(for word: String, among candidates: some Sequence<String>) -> [String] {
        guard word.utf8.count <= longestWord else { return [] }
        let typed = Array(word.lowercased())
        let limit = max(1, typed.count / 3)
        let near = candidates.map { ($0, Array($0.lowercased())) }.filter { abs($0.1.count - typed.count) <= limit }
        let ranked = near.map { ($0.0, distance(typed, $0.1)) }
        return ranked.filter { $0.1 <= limit }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    }

    /// Bytes of the longest word that is looked for; nobody misspells a longer one by a letter.
    private static let longestWord = 256

    /// The number of insertions, deletions, replacements and swaps of neighbours between two words (optimal string
    /// alignment).
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
