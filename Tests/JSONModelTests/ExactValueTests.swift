import JSONModel
import Testing

/// Texts are compared by Unicode scalars, numbers by value, whatever their form.
struct ExactValueTests {
    @Test func composedAndDecomposedTextsDiffer() {
        #expect(JSONValue.string("Caf\u{E9}") != .string("Cafe\u{301}"))
        let object: JSONObject = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(object.count == 2)
        #expect(object["e\u{301}"] == 2)
        #expect(Set([JSONValue.string("\u{E9}"), .string("e\u{301}")]).count == 2)
    }

    @Test(arguments: [
        "18446744073709551615", "-9223372036854775809", "123456789012345678901234567890", "9223372036854775808",
        "100000000000000000000000000000001",
    ])
    func whatNoDoubleHoldsKeepsItsDigits(_ text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.text() == text || value.double == Double(text))
        #expect(try JSONValue(parsing: value.text()) == value)
        #expect(value.text(.canonical) == (value == .bigInteger(text) ? text : value.text(.canonical)))
    }

    @Test func theLargestUnsignedNumberIsNotRounded() throws {
        #expect(try JSONValue(parsing: "18446744073709551615").text() == "18446744073709551615")
        #expect(try JSONValue(parsing: "18446744073709551615") != JSONValue(parsing: "18446744073709551614"))
    }

    @Test func aWholeNumberThatADoubleHoldsEqualsItsOtherForms() throws {
        #expect(try JSONValue(parsing: "18446744073709551616") == JSONValue(parsing: "1.8446744073709551616e19"))
        #expect(try JSONValue(parsing: "10000000000000000000") == JSONValue(parsing: "1e19"))
    }

    @Test(arguments: [#""\u+041""#, #""\u-041""#, #""\u 041""#, #""\u00g1""#])
    func anEscapeIsFourDigitsAndNothingElse(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }
}
