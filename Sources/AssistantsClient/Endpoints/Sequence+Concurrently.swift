extension Sequence where Element: Sendable {
    /// Does the same with every element, several at once.
    ///
    /// - Parameters:
    ///   - atOnce: how many are under way at most.
    ///   - work: what to do.
    /// - Returns: the results, in the order of the elements.
    package func concurrentlyMapped<Result: Sendable>(
        atOnce: Int, _ work: @escaping @Sendable (Element) async -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            var waiting = enumerated().makeIterator()
            func startNext() {
                guard let (place, element) = waiting.next() else { return }
                group.addTask { (place, await work(element)) }
            }
            for _ in 0..<Swift.max(1, atOnce) { startNext() }
            var results: [(Int, Result)] = []
            while let result = await group.next() {
                results.append(result)
                startNext()
            }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
