/// One event of a stream (WHATWG HTML, section 9.2, server-sent events).
package struct StreamEvent: Equatable, Sendable {
    /// Nil when the stream names none.
    package let name: String?
    /// Several data lines are joined by line breaks.
    package let data: String

    package init(name: String? = nil, data: String) {
        self.name = name
        self.data = data
    }
}

/// Turns the bytes of an event stream into events, however they are cut into chunks: a state machine without input or
/// output of its own.
///
/// Lines end in LF, CR or CRLF; comments and unknown fields are skipped; text is decoded only once an event is complete,
/// so that no character is cut at a border. An event that the end of the stream cuts off is kept if it has data, because
/// some servers leave out the last blank line.
package struct EventParser: Sendable {
    /// An event is larger than allowed.
    package struct TooLarge: Error, Equatable {
        /// In bytes.
        package let limit: Int
    }

    private let limit: Int
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var name: [UInt8]?
    /// The last byte was a CR, so that an LF right after it ends no second line.
    private var endedInCR = false
    private var isFirstLine = true

    /// Starts at the beginning of a stream.
    ///
    /// - Parameter limit: the most bytes of one event.
    package init(limit: Int = 16 << 20) {
        self.limit = limit
    }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: any number of them.
    /// - Returns: the events that they complete.
    /// - Throws: ``TooLarge``; the parser must not be used afterwards.
    package mutating func feed(_ bytes: [UInt8]) throws(TooLarge) -> [StreamEvent] {
        var events: [StreamEvent] = []
        var start = bytes.startIndex
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte == 0x0A || byte == 0x0D else { continue }
            if byte == 0x0A, endedInCR, index == start {
                start = index + 1
                endedInCR = false
                continue
            }
            line.append(contentsOf: bytes[start..<index])
            start = index + 1
            endedInCR = byte == 0x0D
            if let event = endLine() { events.append(event) }
        }
        if start < bytes.endIndex {
            endedInCR = false
            line.append(contentsOf: bytes[start...])
        }
        guard line.count + data.count <= limit else { throw TooLarge(limit: limit) }
        return events
    }

    /// Takes the end of the stream.
    ///
    /// - Returns: the event that it cut off, if that has data.
    package mutating func finish() -> StreamEvent? {
        if !line.isEmpty, let event = endLine() { return event }
        return dispatch()
    }

    private mutating func endLine() -> StreamEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        if line.isEmpty { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let field = line[..<(colon ?? line.endIndex)]
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if field.elementsEqual("data".utf8) {
            if hasData { data.append(0x0A) }
            data.append(contentsOf: value)
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            name = Array(value)
        }
        return nil
    }

    private mutating func dispatch() -> StreamEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            name = nil
        }
        guard hasData else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return StreamEvent(name: name.map { String(decoding: $0, as: UTF8.self) }, data: text)
    }
}
