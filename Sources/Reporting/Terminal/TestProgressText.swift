import Diagnostics
package import Reports

/// The state of a test run while it goes on, as a few lines that a terminal draws over and over: a bar with counts, and
/// the tests that are running. A pure value: events in, lines out.
package struct TestProgressText: Sendable {
    /// A test that is running.
    private struct Running: Sendable {
        let key: String
        let name: String
        let since: Duration
    }

    private let palette: Palette
    private let total: Int
    private var counts: [TestReport.Status: Int] = [:]
    private var running: [Running] = []

    /// Starts with nothing done.
    ///
    /// - Parameters:
    ///   - palette: the colours.
    ///   - total: how many tests will end.
    package init(palette: Palette, total: Int) {
        self.palette = palette
        self.total = total
    }

    /// Takes in a test that begins, `elapsed` after the run itself began.
    package mutating func begin(_ key: String, _ name: String, elapsed: Duration) {
        running.append(Running(key: DisplayText.inert(key), name: DisplayText.inert(name), since: elapsed))
    }

    /// Takes in a test that ended.
    package mutating func end(_ key: String, _ testCase: TestReport.Case) {
        counts[testCase.status, default: 0] += 1
        let (key, name) = (DisplayText.inert(key), DisplayText.inert(testCase.name))
        if let place = running.firstIndex(where: { $0.key == key && $0.name == name }) { running.remove(at: place) }
    }

    /// Draws the state.
    ///
    /// - Parameters:
    ///   - elapsed: since the run began.
    ///   - width: columns of the terminal; no line is wider than one less, so that none wraps.
    ///   - rows: the most lines.
    /// - Returns: lines without line breaks.
    package func lines(elapsed: Duration, width: Int, rows: Int) -> [String] {
        let width = max(width - 1, 20)
        let room = max(rows - 1, 0)
        var lines = [bar(elapsed, width)]
        let shown = running.prefix(running.count > room ? max(room - 1, 0) : room)
        let keyWidth = min(shown.map { DisplayText.width($0.key) }.max() ?? 0, width / 4)
        for test in shown {
            let time = TestReportText.words(elapsed - test.since)
            let key = DisplayText.padded(DisplayText.cut(test.key, to: keyWidth), to: keyWidth)
            let nameWidth = max(width - keyWidth - 4 - 10, 1)
            let name = DisplayText.padded(DisplayText.cut(test.name, to: nameWidth), to: nameWidth)
            let padding = String(repeating: " ", count: max(0, 10 - time.count))
            lines.append("  \(key)  \(name)" + palette.paint(padding + time, .dim))
        }
        if running.count > shown.count, room > 0 {
            lines.append(palette.paint("  and \(running.count - shown.count) more", .dim))
        }
        return lines
    }

    private func bar(_ elapsed: Duration, _ width: Int) -> String {
        let done = counts.values.reduce(0, +)
        let cells = min(max(width / 4, 4), 24)
        let filled = total > 0 ? min(done * cells / total, cells) : cells
        var words = " \(done)/\(total)"
        for status in TestReport.Status.allCases {
            if let count = counts[status] { words += ", \(count) \(status.rawValue)" }
        }
        words += "  \(TestReportText.words(elapsed))"
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
        let hasFailed = (counts[.failed] ?? 0) + (counts[.error] ?? 0) > 0
        return palette.paint(bar, hasFailed ? .failure : .added) + DisplayText.cut(words, to: width - cells)
    }
}
