/// Counts the repetitions of one test until its verdict is certain: a pure value.
package struct Repetitions: Equatable, Sendable {
    private let planned: Int
    private let needed: Int
    package private(set) var attempts = 0
    package private(set) var passes = 0

    /// Starts counting.
    ///
    /// - Parameters:
    ///   - planned: how often the test may run, at least once.
    ///   - needed: how many of these must pass, at least one.
    package init(planned: Int, needed: Int) {
        self.planned = max(planned, 1)
        self.needed = min(max(needed, 1), self.planned)
    }

    package mutating func add(passed: Bool) {
        attempts += 1
        if passed { passes += 1 }
    }

    /// True once enough repetitions passed, false once too few are left for that, nil while both are possible.
    package var verdict: Bool? {
        if passes >= needed { return true }
        return passes + (planned - attempts) < needed ? false : nil
    }
}
