/// Splits a `multipart/form-data` body (RFC 7578) as it arrives, holding no more than a delimiter's length of it.
package struct MultipartParser {
    package enum Event: Equatable, Sendable {
        /// A part begins; the file name only for files.
        case began(name: String, fileName: String?)
        case data([UInt8])
        case ended
    }

    package struct Malformed: Error, Equatable {
        package let reason: String
    }

    private enum State {
        case preamble, headers, data, epilogue
    }

    private static let headerLimit = 16 * 1024
    private let delimiter: [UInt8]
    private var buffer: [UInt8] = []
    private var state = State.preamble

    /// A parser for the boundary that a `Content-Type` header names.
    ///
    /// - Parameter contentType: nil is returned when it is not `multipart/form-data` with a boundary of at most 70
    ///   characters (RFC 2046, section 5.1.1).
    package init?(contentType: String) {
        let header = HeaderParameters(contentType)
        guard header.value.lowercased() == "multipart/form-data", let name = header["boundary"] else { return nil }
        guard (1...70).contains(name.utf8.count) else { return nil }
        delimiter = Array("\r\n--\(name)".utf8)
        // The first delimiter has no line break before it when there is no preamble.
        buffer = Array("\r\n".utf8)
    }

    /// Whether the closing delimiter has been read.
    package var isComplete: Bool { state == .epilogue }

    /// Takes the next bytes.
    ///
    /// - Throws: ``Malformed``.
    /// - Returns: what they complete.
    package mutating func feed(_ bytes: some Collection<UInt8>) throws(Malformed) -> [Event] {
        buffer.append(contentsOf: bytes)
        var events: [Event] = []
        while let event = try step() { events.append(contentsOf: event) }
        return events
    }

    /// One step; nil when more bytes are needed.
    private mutating func step() throws(Malformed) -> [Event]? {
        switch state {
        case .preamble:
            guard let end = Self.find(delimiter, in: buffer) else {
                keepTail()
                return nil
            }
            return try passDelimiter(end)
        case .headers: return try headers()
        case .data:
            guard let start = Self.find(delimiter, in: buffer) else { return held() }
            guard buffer.count >= start + delimiter.count + 2 else { return nil }
            let data = Array(buffer[..<start])
            let after = try passDelimiter(start) ?? []
            return (data.isEmpty ? [] : [.data(data)]) + [.ended] + after
        case .epilogue:
            buffer = []
            return nil
        }
    }

    /// Data that cannot be part of a delimiter any more.
    private mutating func held() -> [Event]? {
        let ready = buffer.count - delimiter.count - 2
        guard ready > 0 else { return nil }
        let data = Array(buffer[..<ready])
        buffer.removeFirst(ready)
        return [.data(data)]
    }

    private mutating func keepTail() {
        let surplus = buffer.count - delimiter.count
        if surplus > 0 { buffer.removeFirst(surplus) }
    }

    /// Removes a delimiter and sees whether a part or the end follows.
    private mutating func passDelimiter(_ start: Int) throws(Malformed) -> [Event]? {
        let end = start + delimiter.count
        guard buffer.count >= end + 2 else { return nil }
        switch (buffer[end], buffer[end + 1]) {
        case (0x2D, 0x2D): state = .epilogue
        case (0x0D, 0x0A): state = .headers
        default: throw Malformed(reason: "a delimiter is not followed by a line break")
        }
        buffer.removeFirst(end + 2)
        return []
    }

    private mutating func headers() throws(Malformed) -> [Event]? {
        let end = Self.find([0x0D, 0x0A, 0x0D, 0x0A], in: Array(buffer.prefix(Self.headerLimit + 4)))
        guard let end else {
            guard buffer.count <= Self.headerLimit else {
                throw Malformed(reason: "the headers of a part are too long")
            }
            return nil
        }
        let text = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeFirst(end + 4)
        state = .data
        // What follows the headers may be a delimiter at once, which begins with a line break.
        let field = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-disposition:") } ?? ""
        let disposition = HeaderParameters(String(field.drop { $0 != ":" }.dropFirst()))
        guard let name = disposition["name"] else { throw Malformed(reason: "a part has no name") }
        return [.began(name: name, fileName: disposition["filename*"] ?? disposition["filename"])]
    }

    /// The first place of `needle`: a jump to each of its first bytes, then a comparison.
    private static func find(_ needle: [UInt8], in buffer: [UInt8]) -> Int? {
        guard let first = needle.first, buffer.count >= needle.count else { return nil }
        var index = 0
        let last = buffer.count - needle.count
        while index <= last {
            guard let candidate = buffer[index...last].firstIndex(of: first) else { return nil }
            if buffer[candidate..<(candidate + needle.count)].elementsEqual(needle) { return candidate }
            index = candidate + 1
        }
        return nil
    }
}
