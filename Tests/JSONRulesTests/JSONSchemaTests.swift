import JSONModel
import JSONRules
import Testing

@Suite struct JSONSchemaTests {
    @Test("What is wrong with a document is said with its place")
    func phrases() throws {
        let schema = try JSONSchema([
            "type": "object", "required": ["query"],
            "properties": [
                "query": ["type": "object", "properties": ["mkt": ["enum": ["zh-TW", "en-US"]]]],
                "days": ["type": "array", "items": ["type": "integer", "minimum": 1]],
            ],
            "additionalProperties": false,
        ])
        #expect(schema.verdict(on: ["query": ["mkt": "zh-TW"], "days": [1, 2.0]]) == .fits)
        #expect(
            schema.verdict(on: ["query": ["mkt": "de"], "days": [0], "x": 1])
                == .differs([
                    #"query.mkt must be one of "zh-TW", "en-US""#, "days[0] must be at least 1", "x is not allowed",
                ]))
        #expect(schema.verdict(on: [:]) == .differs(["query is missing"]))
    }

    @Test(
        "A schema that is none is refused, with the place in it",
        arguments: [
            (["type": "strng"], "/type"), (["required": "name"], "/required"), (["properties": []], "/properties"),
            (["properties": ["a": ["minLength": -1]]], "/properties/a/minLength"), (["pattern": "("], "/pattern"),
            (["anyOf": []], "/anyOf"), (["$ref": "#/$defs/lost"], "/$ref"), (["items": [1]], "/items"),
            (["$schema": "http://json-schema.org/draft-04/schema#"], "/$schema"), (["multipleOf": 0], "/multipleOf"),
            (["required": ["a", "a"]], "/required"), (["patternProperties": ["[": true]], "/patternProperties"),
            (["$ref": "https://example.com/other"], "/$ref"),
        ] as [(JSONValue, String)])
    func refusals(_ document: JSONValue, _ place: String) {
        let problems = #expect(throws: JSONSchemaProblems.self) { try JSONSchema(document) }
        #expect(problems?.problems.map(\.place.description) == [place])
    }

    @Test("What nobody checks is remarked on and holds for everything")
    func remarks() throws {
        let schema = try JSONSchema([
            "nullable": true, "properties": ["a": ["exmaple": 1, "format": "color"]], "default": ["anything": 1],
        ])
        #expect(
            schema.remarks.map(\.place.description) == ["/nullable", "/properties/a/exmaple", "/properties/a/format"])
        #expect(schema.remarks.map(\.unknownKeyword) == ["nullable", "exmaple", nil])
        #expect(schema.verdict(on: ["a": "red"]) == .fits)
    }

    @Test("A draft's own schema can be referred to, and refuses what is no schema")
    func metaschemas() throws {
        for address in ["https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"] {
            let schema = try JSONSchema(["$ref": .string(address)])
            #expect(schema.verdict(on: ["properties": ["a": ["type": "integer"]]]) == .fits)
            #expect(schema.verdict(on: ["properties": ["a": ["type": "number or so"]]]) != .fits)
        }
    }

    @Test("Documents that are given can be referred to, and their vocabularies count")
    func documents() throws {
        let documents: [String: JSONValue] = [
            "https://example.com/name": ["type": "string", "minLength": 1],
            "https://example.com/loose": [
                "$vocabulary": [
                    "https://json-schema.org/draft/2020-12/vocab/core": true,
                    "https://json-schema.org/draft/2020-12/vocab/applicator": true,
                ]
            ],
        ]
        let name = try JSONSchema(
            ["$id": "https://example.com/root", "items": ["$ref": "name"]], documents: documents)
        #expect(name.verdict(on: ["x"]) == .fits)
        #expect(name.verdict(on: [""]) != .fits)
        let loose = try JSONSchema(
            ["$schema": "https://example.com/loose", "properties": ["a": ["minimum": 3], "b": false]],
            documents: documents)
        #expect(loose.verdict(on: ["a": 1]) == .fits)
        #expect(loose.verdict(on: ["b": 1]) != .fits)
    }

    @Test("A schema that goes in circles, or wants too much, is neither a pass nor a failure", .timeLimit(.minutes(1)))
    func bounds() throws {
        let circle = try JSONSchema(["$ref": "#/$defs/a", "$defs": ["a": ["allOf": [["$ref": "#/$defs/a"]]]]])
        guard case .unknown = circle.verdict(on: 1) else { return #expect(Bool(false), "not unknown") }
        var tower: JSONValue = ["type": "string"]
        for _ in 0..<30 { tower = ["anyOf": [["not": tower], ["not": tower]]] }
        let many = try JSONSchema(["pattern": "^(a+)+$"])
        guard case .unknown(let reason) = many.verdict(on: .string(String(repeating: "a", count: 50) + "!")) else {
            return #expect(Bool(false), "not unknown")
        }
        #expect(reason.contains("steps"))
    }

    @Test("Texts are compared by scalars, numbers by value")
    func sameness() throws {
        #expect(try JSONSchema(["const": "é"]).verdict(on: "e\u{301}") != .fits)
        #expect(try JSONSchema(["const": 1]).verdict(on: 1.0) == .fits)
        #expect(try JSONSchema(["uniqueItems": true]).verdict(on: [1, 1.0]) != .fits)
        #expect(try JSONSchema(["multipleOf": 0.01]).verdict(on: 19.99) == .fits)
        #expect(try JSONSchema(["multipleOf": 0.01]).verdict(on: 19.999) != .fits)
        #expect(try JSONSchema(["type": "integer"]).verdict(on: 1e300) == .fits)
    }
}
