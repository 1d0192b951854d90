/// A pattern for paths below the project's folder: `*` stands for characters of one name, `?` for one of them, `**` for any
/// number of folders. A pattern that names a folder covers what is in it.
package struct PathGlob: Hashable, Sendable {
    private let parts: [[Character]]

    package init(_ pattern: String) {
        parts = pattern.split(separator: "/").map(Array.init)
    }

    /// Whether the pattern covers a file.
    ///
    /// - Parameter path: relative to the project's folder.
    /// - Returns: true also for what is in a folder that the pattern names.
    package func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/").map(Array.init)
        // `reachable[i]`: the first i parts of the pattern cover the names so far.
        var reachable = Self.closure([true] + Array(repeating: false, count: parts.count), parts)
        for name in names {
            var next = Array(repeating: false, count: parts.count + 1)
            for (place, part) in parts.enumerated() where reachable[place] {
                if part == ["*", "*"] {
                    next[place] = true
                } else if Self.name(name, matches: part) {
                    next[place + 1] = true
                }
            }
            // The whole pattern named a folder on the way.
            if reachable[parts.count] { next[parts.count] = true }
            reachable = Self.closure(next, parts)
        }
        return reachable[parts.count]
    }

    /// `**` may stand for no folder at all.
    private static func closure(_ reachable: [Bool], _ parts: [[Character]]) -> [Bool] {
        var reachable = reachable
        for (place, part) in parts.enumerated() where reachable[place] && part == ["*", "*"] {
            reachable[place + 1] = true
        }
        return reachable
    }

    private static func name(_ name: [Character], matches pattern: [Character]) -> Bool {
        var reachable = Array(repeating: false, count: pattern.count + 1)
        reachable[0] = true
        for (place, sign) in pattern.enumerated() where sign == "*" && reachable[place] { reachable[place + 1] = true }
        for character in name {
            var next = Array(repeating: false, count: pattern.count + 1)
            for (place, sign) in pattern.enumerated() where reachable[place] {
                if sign == "*" {
                    next[place] = true
                } else if sign == "?" || sign == character {
                    next[place + 1] = true
                }
            }
            for (place, sign) in pattern.enumerated() where sign == "*" && next[place] { next[place + 1] = true }
            reachable = next
        }
        return reachable[pattern.count]
    }
}
