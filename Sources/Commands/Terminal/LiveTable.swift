import Foundation
import Reporting
import Reports
import Synchronization

/// Draws a few lines at the bottom of a terminal again and again, and takes them away at the end (ECMA-48).
final class LiveTable: Sendable {
    private let console: Console
    private let watch = ContinuousClock().now
    private let state: Mutex<State>

    private struct State {
        var progress: TestProgressText
        /// Lines that stand on the terminal now.
        var drawn = 0
    }

    /// Starts empty.
    ///
    /// - Parameters:
    ///   - console: where to draw; nil is returned where standard error is no terminal that can.
    ///   - total: how many tests will end.
    init?(_ console: Console, total: Int) {
        guard console.drawsOnErrors else { return nil }
        self.console = console
        state = Mutex(State(progress: TestProgressText(palette: console.errors, total: total)))
    }

    private var elapsed: Duration { watch.duration(to: ContinuousClock().now) }

    func begin(_ key: String, _ name: String) {
        state.withLock { $0.progress.begin(key, name, elapsed: elapsed) }
    }

    func end(_ key: String, _ testCase: TestReport.Case) {
        state.withLock { $0.progress.end(key, testCase) }
    }

    /// Draws several times a second until the task is cancelled; then the table is gone.
    func run() async {
        while !Task.isCancelled {
            redraw()
            try? await Task.sleep(for: .milliseconds(120))  // cancelled: the last drawing is taken away
        }
        state.withLock { state in
            console.problem(Self.erasing(state.drawn))
            state.drawn = 0
        }
    }

    /// Writes a line that stays, above the table.
    func say(_ line: String) {
        state.withLock { state in
            console.problem(Self.erasing(state.drawn) + line + "\n")
            state.drawn = 0
        }
        redraw()
    }

    private func redraw() {
        let size = Console.size
        state.withLock { state in
            let lines = state.progress.lines(elapsed: elapsed, width: size.columns, rows: min(size.rows - 1, 12))
            console.problem(Self.erasing(state.drawn) + lines.map { $0 + "\n" }.joined())
            state.drawn = lines.count
        }
    }

    /// Up so many lines, then everything below erased.
    private static func erasing(_ lines: Int) -> String {
        lines == 0 ? "" : "\u{1B}[\(lines)A\r\u{1B}[J"
    }
}
