/// Who uploaded a file, and what is in it: the part of its name that Muster adds. `prices.csv` becomes
/// `prices.3f9a2c177aa0-01bc22de.csv`.
///
/// A name is all of a file that a client may choose (docs/protocol.md#files), so it is the only place from which every machine
/// can tell the files of a project, also one that was uploaded by an apply that did not live to put it into a store.
package struct FileMark: Hashable, Sendable {
    package let content: ContentMark
    /// The beginning of the owner's hash, in hexadecimal.
    package let owner: String
    /// 32 bits keep the files of other projects and of people apart.
    private static let ownerLength = 8
    /// Unicode scalars kept of a name.
    private static let longestName = 100

    /// - Parameters:
    ///   - content: of the file.
    ///   - ownerHash: SHA-256 of the owner's text, in hexadecimal.
    package init(content: ContentMark, ownerHash: String) {
        self.content = content
        owner = String(ownerHash.prefix(Self.ownerLength))
    }

    /// Reads a file's name.
    ///
    /// - Parameter name: as the server says it; nil is returned for a name without a mark.
    package init?(name: String) {
        for part in name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().reversed() {
            let halves = part.split(separator: "-", omittingEmptySubsequences: false)
            guard halves.count == 2, let content = ContentMark(halves[0]), halves[1].utf8.count == Self.ownerLength,
                Hexadecimal.isLowercase(halves[1])
            else { continue }
            self.content = content
            owner = String(halves[1])
            return
        }
        return nil
    }

    /// The name under which a file is uploaded. Its ending stays, because servers tell by it what a file holds.
    ///
    /// - Parameter path: of the file in the project.
    /// - Returns: without folders and control characters, of limited length.
    package func name(for path: String) -> String {
        let base = path.split(separator: "/").last.map(String.init) ?? "file"
        let dot = base.lastIndex(of: ".").flatMap { $0 > base.startIndex ? $0 : nil }
        let ending = dot.map { String(base[$0...]) } ?? ""
        let stem = String(base[..<(dot ?? base.endIndex)])
        return "\(Self.safe(stem)).\(content)-\(owner)\(Self.safe(ending))"
    }

    /// A name without its mark: as the file is called in the project.
    package static func removed(from name: String) -> String {
        guard let mark = FileMark(name: name) else { return name }
        return name.replacing(".\(mark.content)-\(mark.owner)", with: "")
    }

    private static func safe(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(longestName).map {
                    $0.properties.generalCategory == .control || "\"\\".unicodeScalars.contains($0) ? "_" : $0
                }))
    }
}
