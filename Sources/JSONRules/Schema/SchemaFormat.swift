import JSONModel
import Patterns

/// Formats that are checked (draft 2020-12, validation, section 7.3).
enum SchemaFormat: String, CaseIterable, Sendable {
    case dateTime = "date-time"
    case date, time, duration, email, hostname, ipv4, ipv6, uri
    case uriReference = "uri-reference"
    case uuid
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex

    /// What a text of this format is.
    var words: String {
        switch self {
        case .dateTime: "a date and time, such as 2024-08-11T20:00:00Z"
        case .date: "a date, such as 2024-08-11"
        case .time: "a time with its zone, such as 20:00:00Z"
        case .duration: "a duration, such as P1DT12H"
        case .email: "an e-mail address"
        case .hostname: "a host name"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .uri: "an absolute URI"
        case .uriReference: "a URI or a relative reference"
        case .uuid: "a UUID"
        case .jsonPointer: "a JSON pointer, such as /items/0"
        case .relativeJSONPointer: "a relative JSON pointer, such as 1/name"
        case .regex: "a regular expression"
        }
    }

    func holds(for text: String) -> Bool {
        switch self {
        case .dateTime:
            guard let sign = text.firstIndex(where: { $0 == "T" || $0 == "t" }) else { return false }
            return DateText.isDate(text[..<sign]) && DateText.isTime(text[text.index(after: sign)...])
        case .date: return DateText.isDate(text[...])
        case .time: return DateText.isTime(text[...])
        case .duration: return Self.fits(text, Self.durationPattern)
        case .email: return isMailAddress(text)
        case .hostname: return HostText.isHostName(text[...])
        case .ipv4: return HostText.isIPv4(text[...])
        case .ipv6: return HostText.isIPv6(text[...])
        case .uri: return Self.fits(text, Self.uriPattern) && HostText.hasGoodHost(text)
        case .uriReference: return Self.fits(text, Self.referencePattern) && HostText.hasGoodHost(text)
        case .uuid: return Self.fits(text, Self.uuidPattern)
        case .jsonPointer: return Self.fits(text, Self.pointerPattern)
        case .relativeJSONPointer: return Self.fits(text, Self.relativePattern)
        case .regex: return (try? Pattern(text)) != nil  // whether it is one is the question
        }
    }

    /// RFC 5321: a dotted word or a quoted text, and a host name or an address in brackets.
    private func isMailAddress(_ text: String) -> Bool {
        guard let sign = text.lastIndex(of: "@"), Self.fits(String(text[..<sign]), Self.mailboxPattern) else {
            return false
        }
        let host = text[text.index(after: sign)...]
        guard host.first == "[" else { return HostText.isHostName(host) }
        let inner = host.dropFirst().dropLast()
        guard host.last == "]" else { return false }
        return inner.hasPrefix("IPv6:") ? HostText.isIPv6(inner.dropFirst(5)) : HostText.isIPv4(inner)
    }

    /// A text on which the pattern's bounds are too small is not of the format.
    private static func fits(_ text: String, _ pattern: Pattern?) -> Bool {
        (try? pattern?.matchesWhole(text)) == true  // too long is not of the format
    }

    private static func compiled(_ source: String) -> Pattern? {
        try? Pattern(source)  // written below; a test checks every one
    }

    private static let uuidPattern = compiled("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
    private static let pointerPattern = compiled("(?:/(?:[^~/]|~[01])*)*")
    private static let relativePattern = compiled("(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)")
    private static let mailboxPattern = compiled(
        #"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[ !#-\[\]-~]|\\[ -~])*""#)
    /// RFC 3339, appendix A.
    private static let durationPattern = compiled(
        "P(?:[0-9]+W|(?=[0-9T])(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)?"
            + "(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?)")
    /// RFC 3986, appendix A, without the insides of addresses in brackets.
    private static let rest =
        #"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"#
        + #"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"#
        + #"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"#
    private static let authority =
        #"(?://(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?"#
        + #"(?:\[[0-9A-Fa-fv:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?(?=[/?#]|$)|(?!//))"#
    private static let uriPattern = compiled("[A-Za-z][A-Za-z0-9+.-]*:" + authority + rest)
    private static let referencePattern = compiled(
        "(?:[A-Za-z][A-Za-z0-9+.-]*:|(?![^/?#]*:))" + authority + rest)
}

/// Dates and times (RFC 3339, section 5.6).
private enum DateText {
    static func isDate(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], 4), let month = number(parts[1], 2),
            let day = number(parts[2], 2), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    static func isTime(_ text: Substring) -> Bool {
        let clock = text.prefix { $0 != "Z" && $0 != "z" && $0 != "+" && $0 != "-" && $0 != "." }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], 2), let minute = number(parts[1], 2),
            let second = number(parts[2], 2), hour < 24, minute < 60, second <= 60
        else { return false }
        var zone = text.dropFirst(clock.count)
        if zone.first == "." {
            let fraction = zone.dropFirst().prefix { "0"..."9" ~= $0 && $0.isASCII }
            guard !fraction.isEmpty else { return false }
            zone = zone.dropFirst(1 + fraction.count)
        }
        guard let offset = minutes(zone) else { return false }
        // A leap second is the last of a day of UTC.
        return second < 60 || (hour * 60 + minute - offset + 2_880) % 1_440 == 1_439
    }

    /// How far a zone is ahead of UTC.
    private static func minutes(_ zone: Substring) -> Int? {
        if zone == "Z" || zone == "z" { return 0 }
        let parts = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard let sign = zone.first, sign == "+" || sign == "-", parts.count == 2, let hour = number(parts[0], 2),
            let minute = number(parts[1], 2), hour < 24, minute < 60
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hour * 60 + minute)
    }

    private static func number(_ text: Substring, _ digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}

/// Names and addresses of hosts.
private enum HostText {
    /// RFC 1123, section 2.1. What `xn--` labels stand for is not looked at.
    static func isHostName(_ text: Substring) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
                    default: false
                    }
                }
        }
    }

    static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && (part.count == 1 || part.first != "0") && (Int(part) ?? 256) < 256
            }
    }

    /// RFC 4291, section 2.2.
    static func isIPv6(_ text: Substring) -> Bool {
        let halves = String(text).split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, !text.contains(":::") else { return false }
        var groups = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (position, part) in parts.enumerated() {
                let isLast = index == halves.count - 1 && position == parts.count - 1
                if part.contains("."), isLast, isIPv4(part) {
                    groups += 2
                } else if (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal) {
                    groups += 1
                } else {
                    return false
                }
            }
        }
        return halves.count == 2 ? groups < 8 : groups == 8
    }

    /// Whether an address in brackets, if a URI has one, is one.
    static func hasGoodHost(_ uri: String) -> Bool {
        guard let open = uri.firstIndex(of: "["), let close = uri.firstIndex(of: "]") else { return true }
        let host = uri[uri.index(after: open)..<close]
        return host.first == "v" || isIPv6(host)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        Unicode.Scalar(byte).properties.isASCIIHexDigit
    }
}
