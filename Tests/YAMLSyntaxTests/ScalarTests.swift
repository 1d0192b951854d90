import Testing
import YAMLSyntax

struct ScalarTests {
    @Test(arguments: ["", "~", "null", "Null", "NULL"])
    func nullWords(_ text: String) {
        #expect(YAMLScalar(text: text, isPlain: true).value == .null)
    }

    @Test(arguments: [("true", true), ("True", true), ("FALSE", false)])
    func booleanWords(_ text: String, _ value: Bool) {
        #expect(YAMLScalar(text: text, isPlain: true).value == .bool(value))
    }

    @Test(arguments: [
        "no", "NO", "on", "off", "yes", "y", "12:30:45", "1_000", "2024-01-02", "0b11", "-", "+", ".", "1.2.3",
    ])
    func wordsThatOnlyOldVersionsReadAsValuesAreText(_ text: String) {
        #expect(YAMLScalar(text: text, isPlain: true).value == .string(text))
    }

    @Test(arguments: [("0", 0), ("-7", -7), ("+7", 7), ("0x1F", 31), ("0o17", 15), ("9223372036854775807", Int.max)])
    func integers(_ text: String, _ value: Int) {
        #expect(YAMLScalar(text: text, isPlain: true).value == .integer(value))
    }

    @Test(arguments: [("0.5", 0.5), ("-1.5", -1.5), (".5", 0.5), ("1.", 1.0), ("1.5e3", 1500.0), ("1.0E-2", 0.01)])
    func numbers(_ text: String, _ value: Double) {
        #expect(YAMLScalar(text: text, isPlain: true).value == .number(value))
    }

    @Test(arguments: ["007", "-012", "1e3", "12E7", ".inf", "-.INF", ".nan", "0x1FFFFFFFFFFFFFFFF", "00.5"])
    func wordsThatVersionsReadDifferentlyAreAmbiguous(_ text: String) {
        guard case .ambiguous = YAMLScalar(text: text, isPlain: true).value else {
            Issue.record("\(text) should be ambiguous")
            return
        }
    }

    @Test(arguments: [
        ("9223372036854775808", "9223372036854775808"), ("+18446744073709551615", "18446744073709551615"),
        ("-9223372036854775809", "-9223372036854775809"),
    ])
    func numbersBeyond64BitsKeepTheirDigits(_ text: String, _ digits: String) {
        #expect(YAMLScalar(text: text, isPlain: true).value == .bigInteger(digits))
    }

    @Test(arguments: ["0x-5", "0x+5", "0o-7", "0x", "0o8", "-0x5"])
    func aSignOrNothingBehindThePrefixIsNoNumber(_ text: String) {
        #expect(YAMLScalar(text: text, isPlain: true).value == .string(text))
    }

    @Test(arguments: ["007", "null", "true", "1e3"])
    func quotedWordsAreText(_ text: String) {
        #expect(YAMLScalar(text: text, isPlain: false).value == .string(text))
    }
}
