import JSONModel

/// A keyword of JSON Schema: what may stand beside it, and where it comes from.
///
/// This table is the only list of keywords: schemas are checked by it when they are read, and the schemas of schemas
/// that others refer to are made from it.
struct SchemaKeyword: Sendable {
    enum Form: Sendable {
        case schema, schemas, schemaMap
        /// `items` of draft 7: a schema or a list of them.
        case schemaOrSchemas
        /// `dependencies`: a schema or a list of names for each member.
        case dependencies
        case types, count, number, positiveNumber, text, flag, names, namesByName, values, pattern, address, anchor
        case vocabularies, anything
    }

    let form: Form
    let vocabulary: SchemaVocabulary
}

/// Groups of keywords that the schema of a schema can turn on and off (draft 2020-12, section 8.1.2).
enum SchemaVocabulary: String, CaseIterable, Sendable {
    case core, applicator, unevaluated, validation, content
    case metadata = "meta-data"
    case formatAnnotation = "format-annotation"
    case formatAssertion = "format-assertion"

    var address: String { "https://json-schema.org/draft/2020-12/vocab/\(rawValue)" }
}

/// The words that a schema is written in.
enum SchemaDialect: String, CaseIterable, Sendable {
    case draft2020 = "https://json-schema.org/draft/2020-12/schema"
    case draft7 = "http://json-schema.org/draft-07/schema"

    /// Reads the value of `$schema`; an empty fragment does not matter.
    init?(address: String) {
        self.init(rawValue: address.hasSuffix("#") ? String(address.dropLast()) : address)
    }

    var keywords: [String: SchemaKeyword] {
        switch self {
        case .draft2020: Self.keywords2020
        case .draft7: Self.keywords7
        }
    }

    private static let common: [(SchemaVocabulary, SchemaKeyword.Form, [String])] = [
        (.core, .address, ["$id", "$schema", "$ref"]), (.core, .text, ["$comment"]),
        (.applicator, .schemas, ["allOf", "anyOf", "oneOf"]),
        (.applicator, .schema, ["not", "if", "then", "else", "contains", "additionalProperties", "propertyNames"]),
        (.applicator, .schemaMap, ["properties", "patternProperties"]),
        (.applicator, .dependencies, ["dependencies"]),
        // Of old drafts; kept by everybody, because so many schemas refer there.
        (.core, .schemaMap, ["definitions"]),
        (.validation, .types, ["type"]), (.validation, .anything, ["const"]), (.validation, .values, ["enum"]),
        (.validation, .positiveNumber, ["multipleOf"]),
        (.validation, .number, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
        (.validation, .count, ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"]),
        (.validation, .pattern, ["pattern"]), (.validation, .flag, ["uniqueItems"]),
        (.validation, .names, ["required"]),
        (.formatAnnotation, .text, ["format"]), (.content, .text, ["contentEncoding", "contentMediaType"]),
        (.metadata, .text, ["title", "description"]), (.metadata, .anything, ["default"]),
        (.metadata, .values, ["examples"]), (.metadata, .flag, ["readOnly", "writeOnly"]),
    ]

    private static let keywords2020 = table(
        common + [
            (.core, .address, ["$dynamicRef"]), (.core, .anchor, ["$anchor", "$dynamicAnchor"]),
            (.core, .schemaMap, ["$defs"]), (.core, .vocabularies, ["$vocabulary"]),
            (.applicator, .schemas, ["prefixItems"]), (.applicator, .schema, ["items"]),
            (.applicator, .schemaMap, ["dependentSchemas"]),
            (.unevaluated, .schema, ["unevaluatedItems", "unevaluatedProperties"]),
            (.validation, .count, ["minContains", "maxContains"]), (.validation, .namesByName, ["dependentRequired"]),
            (.content, .schema, ["contentSchema"]), (.metadata, .flag, ["deprecated"]),
        ])

    private static let keywords7 = table(
        common + [
            (.applicator, .schemaOrSchemas, ["items"]), (.applicator, .schema, ["additionalItems"]),
        ])

    private static func table(_ rows: [(SchemaVocabulary, SchemaKeyword.Form, [String])]) -> [String: SchemaKeyword] {
        var table: [String: SchemaKeyword] = [:]
        for (vocabulary, form, names) in rows {
            for name in names { table[name] = SchemaKeyword(form: form, vocabulary: vocabulary) }
        }
        return table
    }
}

extension SchemaKeyword.Form {
    static let typeNames = ["object", "array", "string", "number", "integer", "boolean", "null"]

    /// Half a sentence for a value that may not stand there; nil for one that may. Schemas inside of it are not looked at.
    func problem(with value: JSONValue) -> String? {
        let fits =
            switch self {
            case .schema: value.isSchema
            case .schemas: value.array?.isEmpty == false && value.array?.allSatisfy(\.isSchema) == true
            case .schemaOrSchemas: value.isSchema || value.array?.allSatisfy(\.isSchema) == true
            case .schemaMap: value.object?.allSatisfy(\.value.isSchema) == true
            case .dependencies: value.object?.allSatisfy { $0.value.isSchema || $0.value.isNames } == true
            case .types: value.isTypes
            case .count: value.double.map { $0 >= 0 && $0.rounded() == $0 } == true
            case .number: value.double != nil
            case .positiveNumber: value.double.map { $0 > 0 } == true
            case .text, .pattern, .address, .anchor: value.string != nil
            case .flag: value.bool != nil
            case .names: value.isNames
            case .namesByName: value.object?.allSatisfy(\.value.isNames) == true
            case .values: value.array != nil
            case .vocabularies: value.object?.allSatisfy { $0.value.bool != nil } == true
            case .anything: true
            }
        return fits ? nil : "must be \(words), not \(value.kindName)"
    }

    private var words: String {
        switch self {
        case .schema: "a schema: a map, true or false"
        case .schemas: "a list of at least one schema"
        case .schemaOrSchemas: "a schema or a list of schemas"
        case .schemaMap: "a map of schemas"
        case .dependencies: "a map of schemas or of lists of names"
        case .types: "one or several of \(Self.typeNames.joined(separator: ", "))"
        case .count: "a whole number from 0"
        case .number: "a number"
        case .positiveNumber: "a number above 0"
        case .text, .pattern, .address, .anchor: "text"
        case .flag: "true or false"
        case .names: "a list of different names"
        case .namesByName: "a map of lists of names"
        case .values: "a list of values"
        case .vocabularies: "a map of true and false"
        case .anything: "anything"
        }
    }
}

extension JSONValue {
    /// Whether it has the kind of a schema.
    var isSchema: Bool { object != nil || bool != nil }

    fileprivate var isNames: Bool {
        guard let names = array?.map(\.string), names.allSatisfy({ $0 != nil }) else { return false }
        return Set(names.map { Array(($0 ?? "").utf8) }).count == names.count
    }

    fileprivate var isTypes: Bool {
        if let word = string { return SchemaKeyword.Form.typeNames.contains(word) }
        guard isNames, let words = array?.compactMap(\.string), !words.isEmpty else { return false }
        return words.allSatisfy(SchemaKeyword.Form.typeNames.contains)
    }
}
