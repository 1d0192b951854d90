/// The three methods of the protocol; updates are POST, never PUT or PATCH. docs/protocol.md#transport.
package enum RequestMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case delete = "DELETE"
}

/// Header fields in the order in which they were written, found without regard to case (RFC 9110, section 5.1).
package struct HeaderFields: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    package private(set) var fields: [Field] = []

    package init(_ pairs: [(String, String)] = []) {
        fields = pairs.map { Field(name: $0.0, value: $0.1) }
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Sets a field, dropping every earlier one of that name.
    package mutating func set(_ name: String, _ value: String) {
        fields.removeAll { $0.name.lowercased() == name.lowercased() }
        add(name, value)
    }

    /// The value of the first field called `name`.
    package subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// One request, ready to be sent.
package struct HTTPRequest: Equatable, Sendable {
    package var method: RequestMethod
    /// Absolute, with query.
    package var url: String
    package var headers: HeaderFields
    package var body: [UInt8]?
    /// A body that is too large for memory, in place of `body`.
    package var stream: BodyStream?
    /// From sending to the last byte of the answer.
    package var timeout: Duration

    package init(
        method: RequestMethod, url: String, headers: HeaderFields = [:], body: [UInt8]? = nil,
        timeout: Duration = .seconds(600)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// A body that is sent in pieces.
package struct BodyStream: Equatable, Sendable {
    package typealias Pieces = any AsyncSequence<[UInt8], any Error> & Sendable

    /// Bytes of all pieces together.
    package let length: Int
    /// Equal bodies have equal names, and their pieces can be made anew.
    private let name: String
    /// Begins at the first piece.
    package let pieces: @Sendable () -> Pieces

    package init(length: Int, name: String, pieces: @escaping @Sendable () -> Pieces) {
        self.length = length
        self.name = name
        self.pieces = pieces
    }

    package static func == (left: BodyStream, right: BodyStream) -> Bool {
        left.length == right.length && left.name == right.name
    }
}

/// One answer, read to its end.
package struct HTTPResponse: Equatable, Sendable {
    package var status: Int
    package var headers: HeaderFields
    package var body: [UInt8]

    package init(status: Int, headers: HeaderFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// One answer whose body is still arriving.
package struct HTTPResponseStream: Sendable {
    package typealias Chunks = any AsyncSequence<[UInt8], any Error> & Sendable

    package let status: Int
    package let headers: HeaderFields
    /// The body in pieces of any size; may be read once. Fails with ``TransportError``.
    package let chunks: Chunks

    package init(status: Int, headers: HeaderFields, chunks: Chunks) {
        self.status = status
        self.headers = headers
        self.chunks = chunks
    }
}
