import JSONModel
import Specs

/// Assertions that compare an answer with a reference text by a number.
enum MetricAssertions {
    static func finding(_ check: AssertionCheck, _ view: View) -> Finding {
        switch check {
        case .rouge(let references, let limit):
            finding(references.map { TextMetrics.rouge1Recall(view.text, $0) }, "ROUGE-1 recall", limit, view)
        case .bleu(let references, let limit):
            finding(references.map { TextMetrics.bleu(view.text, $0) }, "BLEU", limit, view)
        default: Finding(unknown: "it is no measure", claim: "a measure")
        }
    }

    /// The best of several references counts.
    private static func finding(_ scores: [Double], _ name: String, _ limit: Double, _ view: View) -> Finding {
        let score = scores.max() ?? 0
        return Finding(
            Score.reaches(score, limit), claim: "\(name) of at least \(Show.number(limit))",
            seen: "\(Show.number(score)): \(Show.quoted(view.text))", score: score)
    }
}

/// Measures of how near a text is to a reference.
package enum TextMetrics {
    /// The share of the reference's words that are in the text, each as often as it occurs (ROUGE-1 recall, Lin 2004).
    ///
    /// Words are runs of letters and digits without regard to case, as in the `rouge-score` package, except that each
    /// Chinese, Japanese or Korean character is a word of its own, which that package drops.
    ///
    /// - Parameters:
    ///   - text: what is measured.
    ///   - reference: what it should say.
    /// - Returns: 0 to 1.
    package static func rouge1Recall(_ text: String, _ reference: String) -> Double {
        let wanted = counts(words(reference))
        let there = counts(words(text))
        let total = wanted.values.reduce(0, +)
        guard total > 0 else { return 0 }
        return Double(wanted.reduce(0) { $0 + min($1.value, there[$1.key] ?? 0) }) / Double(total)
    }

    /// BLEU of one sentence (Papineni 2002), as `sacrebleu` counts it for single sentences: up to four words in a row,
    /// only as many as the text has, exponential smoothing.
    ///
    /// - Parameters:
    ///   - text: what is measured.
    ///   - reference: what it should say.
    /// - Returns: 0 to 1.
    package static func bleu(_ text: String, _ reference: String) -> Double {
        let words = tokens(text)
        let wanted = tokens(reference)
        var logarithms = 0.0
        var order = 0
        var smoothing = 1.0
        var anyMatch = false
        for length in 1...4 where words.count >= length {
            let there = counts(runs(words, length))
            let allowed = counts(runs(wanted, length))
            let matches = there.reduce(0) { $0 + min($1.value, allowed[$1.key] ?? 0) }
            let total = Double(words.count - length + 1)
            if matches == 0 { smoothing *= 2 } else { anyMatch = true }
            logarithms += Logarithm.natural(matches == 0 ? 1 / (smoothing * total) : Double(matches) / total)
            order = length
        }
        guard anyMatch, order > 0 else { return 0 }
        let brevity = words.count < wanted.count ? 1 - Double(wanted.count) / Double(words.count) : 0
        return Logarithm.exponential(brevity + logarithms / Double(order))
    }

    private static func counts<Item: Hashable>(_ items: [Item]) -> [Item: Int] {
        items.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private static func runs(_ words: [String], _ length: Int) -> [[String]] {
        guard words.count >= length else { return [] }
        return (0...(words.count - length)).map { Array(words[$0..<($0 + length)]) }
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in text.lowercased().unicodeScalars {
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if isWord, !scalar.properties.isIdeographic {
                word.unicodeScalars.append(scalar)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if isWord { words.append(String(scalar)) }
        }
        return word.isEmpty ? words : words + [word]
    }

    /// The tokens of the `13a` rules (mteval-v13a): signs stand alone, full stops and commas unless between digits, a
    /// hyphen after a digit.
    private static func tokens(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var spaced = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let before = index > 0 ? scalars[index - 1] : " "
            let after = index + 1 < scalars.count ? scalars[index + 1] : " "
            let standsAlone =
                switch scalar {
                case ".", ",": !(isDigit(before) && isDigit(after))
                case "-": isDigit(before)
                case "'": false
                default: scalar.isASCII && scalar.value > 0x20 && !isDigit(scalar) && !scalar.properties.isAlphabetic
                }
            spaced.append(contentsOf: standsAlone ? [" ", scalar, " "] : [scalar])
        }
        return String(spaced).split { $0.isWhitespace }.map(String.init)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }
}
