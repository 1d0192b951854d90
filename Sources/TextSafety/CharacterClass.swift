/// Which characters may be shown as they are.
enum CharacterClass {
    /// Whether a character could act, hide or mislead in its place.
    static func isHarmful(
        _ scalar: Unicode.Scalar, between before: Unicode.Scalar?, and after: Unicode.Scalar?
    ) -> Bool {
        guard scalar.value >= 0x7F else { return scalar.value < 0x20 }
        switch scalar.value {
        case zeroWidthJoiner:
            // Families and flags of emoji, and the letters of India, are written with it.
            return !(joinsEmoji(before, after) || joinsLetters(before, after))
        case zeroWidthNonJoiner: return !joinsLetters(before, after)
        // Presentation of the emoji before it.
        case 0xFE0E, 0xFE0F: return before?.properties.isEmoji != true
        // The space of Chinese and Japanese texts is as wide as their letters.
        case 0x3000: return false
        // Looks like a space, counts as a symbol.
        case 0x2800: return true
        // The frame of a keycap.
        case 0x20E3: return before?.value != 0xFE0F
        default: break
        }
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        switch scalar.properties.generalCategory {
        // What encloses the letter before it is drawn by few terminals and stops some.
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator, .enclosingMark:
            return true
        default: return false
        }
    }

    /// Whether a character is drawn onto the one before it.
    static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        return scalar.properties.generalCategory == .nonspacingMark
    }

    private static let zeroWidthNonJoiner: UInt32 = 0x200C
    private static let zeroWidthJoiner: UInt32 = 0x200D

    private static func joinsEmoji(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
        guard let before, let after, after.properties.isEmoji, after.value > 0xFF else { return false }
        return before.properties.isEmoji && before.value > 0xFF || before.value == 0xFE0F
    }

    /// The scripts whose spelling needs joiners: Arabic with Persian, and those of India and its neighbours.
    private static func joinsLetters(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
        func needsJoiners(_ scalar: Unicode.Scalar?) -> Bool {
            guard let value = scalar?.value else { return false }
            return (0x0620...0x06FF).contains(value) || (0x0750...0x077F).contains(value)
                || (0x0900...0x0DFF).contains(value) || (0x1780...0x17DD).contains(value)
        }
        return needsJoiners(before) && needsJoiners(after)
    }
}
