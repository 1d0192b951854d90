package import AssistantsAPI
package import Specs

/// Makes the messages that go over the wire out of those that a test writes.
package struct MessageBuilder: Sendable {
    private let template: Template

    /// Sets up a builder.
    ///
    /// - Parameter template: fills in texts and addresses.
    package init(template: Template) {
        self.template = template
    }

    /// Makes one message.
    ///
    /// - Parameter message: as written.
    /// - Returns: the message to send.
    /// - Throws: ``Template/UnknownName``.
    package func build(_ message: MessageSpec) throws(Template.UnknownName) -> MessageRequest {
        MessageRequest(role: message.role, parts: try message.parts.map(part))
    }

    private func part(_ part: MessageSpec.Part) throws(Template.UnknownName) -> MessageInputPart {
        switch part {
        case .text(let text): return .text(try template.fill(text))
        case .imageURL(let url): return .imageURL(try template.fill(url))
        case .imageFile(let id): return .imageFile(id: try template.fill(id))
        case .image(_, let bytes): return .imageURL(DataURL.image(bytes))
        }
    }
}

/// Pictures inside of addresses, as DaVinci recommends for pictures on one's own machine (RFC 2397).
package enum DataURL {
    /// Wraps a picture.
    ///
    /// - Parameter bytes: the picture's file; its kind is known by its first bytes.
    /// - Returns: a `data:` URL.
    package static func image(_ bytes: [UInt8]) -> String {
        "data:\(mediaType(bytes));base64,\(base64(bytes))"
    }

    private static func mediaType(_ bytes: [UInt8]) -> String {
        let signatures: [(type: String, start: [UInt8])] = [
            ("image/png", [0x89, 0x50, 0x4E, 0x47]), ("image/jpeg", [0xFF, 0xD8, 0xFF]),
            ("image/gif", Array("GIF8".utf8)), ("image/bmp", Array("BM".utf8)),
        ]
        if let known = signatures.first(where: { bytes.starts(with: $0.start) }) { return known.type }
        let isWebP = bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
        return isWebP ? "image/webp" : "application/octet-stream"
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// RFC 4648, section 4.
    private static func base64(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for byte in group { bits = bits << 8 | Int(byte) }
            bits <<= 8 * (3 - group.count)
            for position in 0..<4 {
                let isPadding = position > group.count
                output.append(isPadding ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * position) & 63])
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
