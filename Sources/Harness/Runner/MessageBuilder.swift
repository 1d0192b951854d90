import AssistantsAPI
import AssistantsClient
import Specs

/// Makes the messages that go over the wire out of those that a test writes.
struct MessageBuilder: Sendable {
    /// Fills in texts and addresses.
    let template: Template
    /// Uploads what is not sent inside of the message.
    let files: CaseFiles
    let uploadsImages: Bool

    /// Makes one message.
    ///
    /// - Parameter message: as written.
    /// - Returns: the message to send.
    /// - Throws: ``Template/UnknownName``, ``AssistantsError`` for a file that cannot be uploaded.
    func build(_ message: MessageSpec) async throws -> MessageRequest {
        var request = MessageRequest(role: message.role, parts: [])
        for part in message.parts { request.parts.append(try await self.part(part)) }
        for attachment in message.attachments {
            let id =
                switch attachment.source {
                case .uploaded(let id): try template.fill(id)
                case .file(let path, let bytes): try await files.id(of: path, bytes, purpose: "assistants")
                }
            request.attachments.append(MessageAttachment(fileID: id, tools: attachment.tools))
        }
        return request
    }

    private func part(_ part: MessageSpec.Part) async throws -> MessageInputPart {
        switch part {
        case .text(let text): return .text(try template.fill(text))
        case .imageURL(let url): return .imageURL(try template.fill(url))
        case .imageFile(let id): return .imageFile(id: try template.fill(id))
        case .image(let path, let bytes):
            guard uploadsImages else { return .imageURL(DataURL.image(bytes)) }
            return .imageFile(id: try await files.id(of: path, bytes, purpose: "vision"))
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
