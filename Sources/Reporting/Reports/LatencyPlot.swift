import Reports

/// The latency of every turn as a plot inside of a page: one bar for each, in the order of the tests.
enum LatencyPlot {
    /// More bars than this could not be told apart.
    private static let maximumBars = 400
    private static let height = 100

    /// Draws the plot.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: a figure with its caption; empty for fewer than two turns.
    static func svg(_ report: TestReport) -> String {
        let turns = report.suites.flatMap { suite in
            suite.cases.flatMap { testCase in testCase.turns.map { (suite.key, testCase, $0) } }
        }
        let times = turns.map { TestReport.milliseconds($0.2.latency) }.sorted()
        guard let longest = times.last, times.count > 1, longest > 0 else { return "" }
        let shown = turns.prefix(maximumBars)
        let bars = shown.enumerated().map { index, turn in
            let length = max(1, TestReport.milliseconds(turn.2.latency) * height / longest)
            let title = "\(turn.0): \(turn.1.name), \(TestReportText.words(turn.2.latency))"
            return
                "<rect class=\"\(turn.1.status.rawValue)\" x=\"\(index * 10 + 1)\" y=\"\(height - length)\" width=\"8\" "
                + "height=\"\(length)\"><title>\(TestReportHTML.escaped(title))</title></rect>"
        }
        let width = max(shown.count, 20) * 10
        let lines = [0, height / 2, height].map { "<line x1=\"0\" x2=\"\(width)\" y1=\"\($0)\" y2=\"\($0)\"/>" }
        let left = turns.count - shown.count
        return
            "<figure><svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" preserveAspectRatio=\"none\" "
            + "aria-label=\"Latency of each turn\">\(lines.joined())\(bars.joined())</svg>"
            + "<figcaption>Latency of \(times.count) turns: median \(words(times[times.count / 2])), 95th percentile "
            + "\(words(times[min(times.count * 95 / 100, times.count - 1)])), longest \(words(longest)) (the plot's top)"
            + "\(left > 0 ? "; the last \(left) are not drawn" : "")</figcaption></figure>\n"
    }

    private static func words(_ milliseconds: Int) -> String {
        TestReportText.words(.milliseconds(milliseconds))
    }
}
