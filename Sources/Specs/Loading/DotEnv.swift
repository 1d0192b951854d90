import Diagnostics

/// The file `.env` beside `muster.yaml`, read only where `dotenv: true` says so.
///
/// Lines of `NAME=VALUE`, as the programs that go by that name have them in common: `export` before the name, a comment after
/// `#`, quotes around the value. Nothing is put in for `$NAME`, so what stands there is what is meant.
package enum DotEnv {
    package static let fileName = ".env"
    /// Bytes; a list of variables has no more.
    private static let limit = 1 << 20

    /// Reads the file.
    ///
    /// - Parameter context: where it is, and where problems go; they name lines and never show what stands there, because it
    ///   may be a key.
    /// - Returns: values by name; none where there is no such file.
    static func values(in context: LoadingContext) -> [String: String] {
        let path = context.path(of: fileName)
        guard context.fileSystem.exists(path) else { return [:] }
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try context.fileSystem.read(path, limit: limit)
        } catch {
            context.emit(.unreadableFile, "the file cannot be read: \(error.sentence)", at: .beginning(of: fileName))
            return [:]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            context.emit(.notText, "the file is not UTF-8 text", at: .beginning(of: fileName))
            return [:]
        }
        var values: [String: String] = [:]
        let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            switch entry(line) {
            case .success(nil): continue
            case .success(let entry?): values[entry.name] = entry.value
            case .failure(let problem):
                let place = SourcePosition(line: index + 1, column: 1)
                context.emit(
                    .badVariable, problem.sentence, at: SourceRange(file: fileName, start: place, end: place),
                    help: "write NAME=VALUE, with quotes around a value that holds spaces or #")
            }
        }
        return values
    }

    private struct Problem: Error {
        let sentence: String
    }

    /// One line; nil for one that says nothing.
    private static func entry(_ line: Substring) -> Result<(name: String, value: String)?, Problem> {
        var rest = trimmed(line)
        guard let first = rest.first, first != "#" else { return .success(nil) }
        if rest.hasPrefix("export ") { rest = trimmed(rest.dropFirst("export ".count)) }
        guard let sign = rest.firstIndex(of: "=") else { return .failure(Problem(sentence: "this line has no =")) }
        let name = trimmed(rest[..<sign])
        let isName = name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || Self.isLetter($0) || Self.isDigit($0) }
        guard isName, let initial = name.utf8.first, !isDigit(initial) else {
            return .failure(Problem(sentence: "what stands before the = is no variable's name"))
        }
        return value(trimmed(rest[rest.index(after: sign)...])).map { (String(name), $0) }
    }

    private static func value(_ text: Substring) -> Result<String, Problem> {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            // A # that follows a space begins a comment; inside of a word it belongs to it.
            let end = text.hasPrefix("#") ? text.startIndex : text.firstRange(of: " #")?.lowerBound
            return .success(String(trimmed(text[..<(end ?? text.endIndex)])))
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let after = trimmed(rest)
                let isEnd = after.isEmpty || after.hasPrefix("#")
                return isEnd ? .success(value) : .failure(Problem(sentence: "something follows the closing quote"))
            }
            if character == "\\", quote == "\"", let escaped = rest.popFirst() {
                value += ["n": "\n", "t": "\t", "r": "\r"][escaped] ?? String(escaped)
            } else {
                value.append(character)
            }
        }
        return .failure(Problem(sentence: "a quote is not closed on this line"))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return text
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
