/// One line of `git ls-tree -r -l -z`.
struct TreeEntry {
    let path: String
    let object: String
    let size: Int
    let isLink: Bool
    /// Submodules have no contents here.
    let isReadable: Bool

    /// `100644 blob <object> <size>\t<path>`
    init?(_ line: String) {
        let halves = line.split(separator: "\t", maxSplits: 1)
        let words = halves.first?.split(separator: " ") ?? []
        guard halves.count == 2, words.count == 4 else { return nil }
        path = String(halves[1])
        object = String(words[2])
        size = Int(words[3]) ?? 0
        isLink = words[0] == "120000"
        isReadable = words[1] == "blob"
    }
}

/// The answers of `git cat-file --batch`: `<object> blob <size>`, a line break, the bytes, a line break.
enum CatFileReader {
    /// - Throws: ``GitProblem`` for anything else.
    static func objects(in output: [UInt8]) throws -> [String: [UInt8]] {
        var objects: [String: [UInt8]] = [:]
        var rest = output[...]
        while !rest.isEmpty {
            let header = String(decoding: rest.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self).split(separator: " ")
            rest = rest.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
            guard header.count == 3, let size = Int(header[2]), rest.count > size else {
                throw GitProblem.unusableAnswer
            }
            objects[String(header[0])] = Array(rest.prefix(size))
            rest = rest.dropFirst(size + 1)
        }
        return objects
    }
}
