/// A pattern in the syntax of PCRE2, with the places of the author's pattern that its parts come from.
struct PatternProgram {
    private(set) var text = ""
    private var places: [(output: Int, input: Int)] = []

    /// Adds what one part of the author's pattern means.
    ///
    /// - Parameters:
    ///   - part: in the syntax of PCRE2.
    ///   - place: scalars before that part in the author's pattern.
    mutating func add(_ part: String, at place: Int) {
        places.append((text.utf8.count, place))
        text += part
    }

    /// The place in the author's pattern.
    ///
    /// - Parameter offset: bytes before a place in this program.
    /// - Returns: scalars before the part that holds it.
    func place(of offset: Int) -> Int {
        places.last { $0.output <= offset }?.input ?? 0
    }
}
