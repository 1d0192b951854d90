import Foundation

/// What the head of a picture file says: its format and its size in pixels.
package struct ImageFacts: Equatable, Sendable {
    package enum Format: String, Sendable {
        case png = "PNG"
        case jpeg = "JPEG"
        case gif = "GIF"
        case webp = "WebP"
    }

    package let format: Format
    package let width: Int
    package let height: Int

    /// Reads the header.
    ///
    /// - Parameter bytes: the first bytes of the file; nil is returned when they are no known picture or too few.
    package init?(_ bytes: [UInt8]) {
        if let (width, height) = Self.png(bytes) {
            self.init(.png, width, height)
        } else if let (width, height) = Self.gif(bytes) {
            self.init(.gif, width, height)
        } else if let (width, height) = Self.webp(bytes) {
            self.init(.webp, width, height)
        } else if let (width, height) = Self.jpeg(bytes) {
            self.init(.jpeg, width, height)
        } else {
            return nil
        }
    }

    private init(_ format: Format, _ width: Int, _ height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }

    /// The signature and the IHDR chunk. PNG specification, sections 5.2 and 11.2.2.
    private static func png(_ bytes: [UInt8]) -> (Int, Int)? {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.count >= 24, bytes.starts(with: signature) else { return nil }
        return (big(bytes[16..<20]), big(bytes[20..<24]))
    }

    /// The logical screen descriptor. GIF89a specification, section 18.
    private static func gif(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 10, bytes.starts(with: Array("GIF8".utf8)) else { return nil }
        return (little(bytes[6..<8]), little(bytes[8..<10]))
    }

    /// RIFF with a VP8, VP8L or VP8X chunk. RFC 9649, section 2.
    private static func webp(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 30, bytes.starts(with: Array("RIFF".utf8)), Array(bytes[8..<12]) == Array("WEBP".utf8)
        else { return nil }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8 ": return (little(bytes[26..<28]) & 0x3FFF, little(bytes[28..<30]) & 0x3FFF)
        case "VP8L":
            let bits = little(bytes[21..<25])
            return (bits & 0x3FFF + 1, (bits >> 14) & 0x3FFF + 1)
        case "VP8X": return (little(bytes[24..<27]) + 1, little(bytes[27..<30]) + 1)
        default: return nil
        }
    }

    /// The first start-of-frame segment. ITU-T T.81, annex B.
    private static func jpeg(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
        var index = 2
        while index + 9 < bytes.count {
            guard bytes[index] == 0xFF else { return nil }
            let marker = bytes[index + 1]
            if marker == 0xFF {
                index += 1
            } else if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                return (big(bytes[(index + 7)..<(index + 9)]), big(bytes[(index + 5)..<(index + 7)]))
            } else {
                index += 2 + big(bytes[(index + 2)..<(index + 4)])
            }
        }
        return nil
    }

    private static func big(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func little(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

/// A `data:` URL that holds a picture (RFC 2397).
package struct ImageDataURL: Equatable, Sendable {
    package let mediaType: String
    /// The first decoded bytes, enough to find a size in.
    package let head: [UInt8]
    /// Decoded bytes in all.
    package let byteCount: Int

    private static let headLimit = 262_144

    /// Reads the URL.
    ///
    /// - Parameter url: nil is returned for anything but base64 in a `data:` URL.
    package init?(_ url: String) {
        guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else { return nil }
        let description = url[url.index(url.startIndex, offsetBy: 5)..<comma]
        guard description.hasSuffix(";base64") else { return nil }
        mediaType = String(description.prefix { $0 != ";" })
        let payload = url[url.index(after: comma)...].utf8
        let padding = payload.suffix(2).count { $0 == UInt8(ascii: "=") }
        byteCount = max(payload.count / 4 * 3 - padding, 0)
        let prefix = Data(payload.prefix(Self.headLimit / 3 * 4))
        head = Data(base64Encoded: prefix, options: .ignoreUnknownCharacters).map(Array.init) ?? []
    }
}
