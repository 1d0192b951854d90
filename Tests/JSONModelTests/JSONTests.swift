import JSONModel
import Testing

struct JSONTests {
    @Test func membersKeepTheirOrder() throws {
        let value = try JSONValue(parsing: #"{"z":1,"a":2,"m":3}"#)
        #expect(value.object?.keys == ["z", "a", "m"])
        #expect(value.text() == #"{"z":1,"a":2,"m":3}"#)
    }

    @Test func equalityIgnoresOrderAndComparesNumbersByValue() throws {
        let a = try JSONValue(parsing: #"{"a":1,"b":[1.0]}"#)
        let b = try JSONValue(parsing: #"{"b":[1],"a":1.0}"#)
        #expect(a == b)
        #expect(a.hashValue == b.hashValue)
        #expect(try JSONValue(parsing: "[1,2]") != JSONValue(parsing: "[2,1]"))
    }

    @Test func equalValuesHaveEqualCanonicalBytes() throws {
        let a = try JSONValue(parsing: #"{"b":1.0,"a":{"y":null,"x":"é"}}"#)
        let b = try JSONValue(parsing: #"{"a":{"x":"\u00e9","y":null},"b":1}"#)
        #expect(a.text(.canonical) == b.text(.canonical))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "{a:1}", "01", "1.", "-", "+1", "1e", "tru", "nul", "\"a", "\"\\x\"", "\"\\u12\"",
        "[1] 2", "\u{0}", "\"\n\"", "NaN", "{\"a\":1,}", "1e999",
    ])
    func brokenDocumentsAreRefused(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: [
        ("\"\\ud83d\\ude00\"", "😀"), ("\"\\ud83d\"", "\u{FFFD}"), ("\"\\ud83dx\"", "\u{FFFD}x"),
        ("\"\\ude00\"", "\u{FFFD}"), ("\"\\/\\b\\f\\n\\r\\t\\\\\"", "/\u{8}\u{C}\n\r\t\\"), ("\"\\u0000\"", "\u{0}"),
    ])
    func escapes(_ text: String, _ expected: String) throws {
        #expect(try JSONValue(parsing: text).string == expected)
    }

    @Test func numbersKeepTheirKind() throws {
        #expect(try JSONValue(parsing: "9007199254740993").int == 9_007_199_254_740_993)
        #expect(try JSONValue(parsing: "2.0").int == 2)
        #expect(try JSONValue(parsing: "2.5").int == nil)
        #expect(try JSONValue(parsing: "1e2").double == 100)
        #expect(try JSONValue(parsing: "1000000000000000000000").double == 1e21)
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: deep) }
    }

    @Test func invalidUTF8IsRefused() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func writingAndReadingGiveTheSameValue() throws {
        let value: JSONValue = [
            "text": "a\"b\\c\n\u{1}\u{7F}漢😀", "list": [1, 2.5, -0.001, 1e300, true, nil], "empty": [:], "none": [],
        ]
        for layout in [JSONValue.Layout.compact, .pretty, .canonical] {
            #expect(try JSONValue(parsing: value.text(layout)) == value)
        }
    }

    @Test func prettyLayoutIsIndented() {
        let value: JSONValue = ["a": [1], "b": [:]]
        #expect(value.text(.pretty) == "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}")
    }

    @Test(arguments: [
        ("a\u{202E}b", "a\\u202eb"), ("\u{E0041}", "\\udb40\\udc41"), ("\u{9B}", "\\u009b"), ("\u{A0}", "\\u00a0"),
        ("##[error]", "#\\u0023[error]"), ("漢字\u{3000}é👍", "漢字\u{3000}é👍"),
    ])
    func whatPeopleReadHidesNothing(_ text: String, _ expected: String) throws {
        for layout in [JSONValue.Layout.pretty, .line] {
            let written = JSONValue.string(text).text(layout)
            #expect(written == "\"\(expected)\"")
            #expect(try JSONValue(parsing: written) == .string(text))
        }
    }

    @Test func infinityIsWrittenAsNull() {
        #expect(JSONValue.number(.infinity).text() == "null")
    }

    @Test func settingNilRemovesAMember() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = nil
        #expect(object == ["b": 2])
    }
}
