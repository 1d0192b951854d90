/// A place in a text. Lines and columns count from 1, columns in Unicode scalars.
package struct SourcePosition: Hashable, Comparable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A stretch of a file, its end exclusive.
package struct SourceRange: Hashable, Sendable {
    /// The path as shown to people: relative to the project's folder.
    package let file: String
    package let start: SourcePosition
    package let end: SourcePosition

    package init(file: String, start: SourcePosition, end: SourcePosition) {
        self.file = file
        self.start = start
        self.end = end
    }

    /// The very beginning of a file, for problems of the file as a whole.
    package static func beginning(of file: String) -> SourceRange {
        let first = SourcePosition(line: 1, column: 1)
        return SourceRange(file: file, start: first, end: first)
    }
}
