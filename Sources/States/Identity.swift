import Texts

/// Who owns an assistant on a server: `project/namespace`, such as `support-bots/production`.
///
/// Made only from two names that a project file may have, so that a server's text is never taken for an owner.
package struct Owner: Hashable, Sendable {
    private let exact: ExactText
    package var text: String { exact.text }

    /// - Parameters:
    ///   - project: `project:` of `muster.yaml`.
    ///   - namespace: the environment's name, or its `namespace:`. For names that ``Names/isUsable(_:)`` refuses there is no
    ///     owner.
    package init?(project: String, namespace: String) {
        guard Names.isUsable(project), Names.isUsable(namespace) else { return nil }
        exact = ExactText("\(project)/\(namespace)")
    }

    /// The owner of the throw-away assistants of `muster doctor`; no project may be called so.
    package static let doctor = Owner(exact: ExactText("\(doctorProject)/throw-away"))
    /// The name that is reserved for it.
    package static let doctorProject = "muster-doctor"

    private init(exact: ExactText) {
        self.exact = exact
    }

    /// Reads the text of a mark; nil for anything but two names with a slash between.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(project: String(parts[0]), namespace: String(parts[1]))
    }
}

/// A spec's identity in its project: what `assistant:` says, by default the file's base name.
///
/// Only names that ``Names/isUsable(_:)`` takes are keys, so that a key is always fit for a file name.
package struct AssistantKey: Hashable, Sendable {
    private let exact: ExactText
    package var text: String { exact.text }

    /// The key of one of the throw-away assistants of `muster doctor`.
    package static func throwAway(_ number: Int) -> AssistantKey {
        AssistantKey(exact: ExactText("throw-away-\(number)"))
    }

    private init(exact: ExactText) {
        self.exact = exact
    }

    /// - Parameter text: a user's word, or a server's; nil is returned for one that cannot be a key.
    package init?(_ text: String) {
        guard Names.isUsable(text) else { return nil }
        exact = ExactText(text)
    }
}

/// The server's name for an assistant, whatever form it has there.
package struct AssistantID: Hashable, Sendable {
    private let exact: ExactText
    package var text: String { exact.text }
    /// The protocol's ids have about 30 characters, others' up to 64; the rest is room.
    private static let longest = 512

    /// - Parameter text: what the server says; nil is returned for an empty text, a very long one, one with control
    ///   characters, and for what a path takes for a folder.
    package init?(_ text: String) {
        let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
        guard !text.isEmpty, text.utf8.count <= Self.longest, !["." as ExactText, ".."].contains(ExactText(text)),
            !text.unicodeScalars.contains(where: isControl)
        else { return nil }
        exact = ExactText(text)
    }
}

/// A function tool's name: 1 to 64 letters, digits, `_` and `-` (docs/protocol.md#assistants), so also a file name.
package struct ToolName: Hashable, Sendable {
    package let text: String
    private static let longest = 64

    /// - Parameter text: a user's word, or a server's; nil is returned for one that the protocol does not allow.
    package init?(_ text: String) {
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed) else { return nil }
        self.text = text
    }
}

/// What projects, environments and assistants may be called.
package enum Names {
    /// The most Unicode scalars of a name.
    package static let longest = 100
    /// The rule in words, for messages.
    package static let rule = "1 to 100 letters, digits, dots, underscores or hyphens, not beginning with a dot"

    /// Letters and digits of any script with the marks that belong to them, `.`, `_` and `-`; no dot at the beginning,
    /// because such files are hidden.
    package static func isUsable(_ name: String) -> Bool {
        let scalars = name.unicodeScalars
        return (1...longest).contains(scalars.count) && scalars.first != "." && scalars.allSatisfy(isPart)
    }

    /// Whether a name may hold a scalar.
    package static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        if ".-_".unicodeScalars.contains(scalar) { return true }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            !scalar.properties.isDefaultIgnorableCodePoint
        default: false
        }
    }
}

extension Owner: CustomStringConvertible {
    package var description: String { text }
}

extension AssistantKey: Comparable, CustomStringConvertible {
    package static func < (left: AssistantKey, right: AssistantKey) -> Bool { left.exact < right.exact }
    package var description: String { text }
}

extension AssistantID: Comparable, CustomStringConvertible {
    package static func < (left: AssistantID, right: AssistantID) -> Bool { left.exact < right.exact }
    package var description: String { text }
}

extension ToolName: Comparable, CustomStringConvertible {
    package static func < (left: ToolName, right: ToolName) -> Bool {
        ExactText(left.text) < ExactText(right.text)
    }
    package var description: String { text }
}
