import JSONModel

/// Finds every schema inside of a document, and what it can be called.
struct SchemaIndex {
    /// One schema: a document, or a part of one.
    struct Entry {
        let value: JSONValue
        /// The address that its references are resolved against.
        let base: String
        let dialect: SchemaDialect
        let vocabularies: Set<SchemaVocabulary>
        /// The number of the schema with an address of its own that this one belongs to.
        let resource: Int
        let document: String
        let place: JSONPointer
    }

    private struct Place: Hashable {
        let document: String
        let pointer: JSONPointer
    }

    /// What holds where a schema stands, unless it says otherwise.
    private struct Surroundings {
        var base: String
        var dialect: SchemaDialect
        var vocabularies: Set<SchemaVocabulary>
        var resource: Int
        let document: String
    }

    private let documents: [String: JSONValue]
    private(set) var entries: [Entry] = []
    private(set) var problems: [JSONSchemaProblems.Problem] = []
    private(set) var remarks: [JSONSchema.Remark] = []
    /// Entries by number of the resource and name.
    private(set) var dynamicAnchors: [[String: Int]] = []
    private var numbers: [Place: Int] = [:]
    /// The first entry of each resource.
    private var resources: [String: Int] = [:]
    private var anchors: [String: Int] = [:]

    init(documents: [String: JSONValue]) {
        self.documents = documents
    }

    /// Takes in a whole document.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - address: where it would be found.
    mutating func add(_ document: JSONValue, at address: String) {
        let start = Surroundings(
            base: address, dialect: .draft2020, vocabularies: Set(SchemaVocabulary.allCases),
            resource: beginResource(), document: address)
        walk(document, JSONPointer(), start, isRoot: true)
    }

    /// The entry at a place inside of another entry's document.
    func entry(_ pointer: JSONPointer, in entry: Entry) -> Int? {
        numbers[Place(document: entry.document, pointer: pointer)]
    }

    /// What a reference leads to.
    ///
    /// - Parameters:
    ///   - reference: as written.
    ///   - entry: where it stands.
    /// - Returns: the entry's number; nil when there is nothing of that name.
    mutating func target(of reference: String, from entry: Entry) -> Int? {
        let (relative, fragment) = SchemaAddress.split(reference)
        let address = SchemaAddress.resolve(relative, against: entry.base)
        if resources[address] == nil { load(address) }
        guard let root = resources[address] else { return nil }
        guard let fragment, !fragment.isEmpty else { return root }
        guard let pointer = JSONPointer(parsing: fragment) else { return anchors["\(address)#\(fragment)"] }
        return self.entry(at: pointer, below: root)
    }

    private mutating func load(_ address: String) {
        if let document = documents[address] {
            add(document, at: address)
        } else if let dialect = SchemaDialect(address: address) {
            add(dialect.schema, at: address)
        }
    }

    /// A schema also where no keyword says that there is one, such as under a keyword that nobody knows.
    private mutating func entry(at pointer: JSONPointer, below root: Int) -> Int? {
        let entry = entries[root]
        let whole = JSONPointer(entry.place.steps + pointer.steps)
        if let known = numbers[Place(document: entry.document, pointer: whole)] { return known }
        var value: JSONValue? = entry.value
        for step in pointer.steps { value = value?[step] ?? Int(step).flatMap { value?[$0] } }
        guard let value, value.isSchema else { return nil }
        let surroundings = Surroundings(
            base: entry.base, dialect: entry.dialect, vocabularies: entry.vocabularies, resource: entry.resource,
            document: entry.document)
        walk(value, whole, surroundings)
        return numbers[Place(document: entry.document, pointer: whole)]
    }

    private mutating func beginResource() -> Int {
        dynamicAnchors.append([:])
        return dynamicAnchors.count - 1
    }

    private mutating func walk(_ value: JSONValue, _ place: JSONPointer, _ outside: Surroundings, isRoot: Bool = false)
    {
        guard value.isSchema else {
            return report("must be a schema: a map, true or false, not \(value.kindName)", place, outside)
        }
        var here = outside
        let members = value.object ?? [:]
        if isRoot || members["$id"] != nil { setDialect(members, place, &here) }
        // In draft 7 everything beside a reference is ignored.
        let isOnlyReference = here.dialect == .draft7 && members["$ref"]?.string != nil
        let id = isOnlyReference ? nil : members["$id"]?.string
        let (name, fragment) = id.map(SchemaAddress.split) ?? ("", nil)
        if !name.isEmpty {
            here.base = SchemaAddress.resolve(name, against: outside.base)
            if !isRoot { here.resource = beginResource() }
        }
        let number = entries.count
        entries.append(
            Entry(
                value: value, base: here.base, dialect: here.dialect, vocabularies: here.vocabularies,
                resource: here.resource, document: here.document, place: place))
        numbers[Place(document: here.document, pointer: place)] = number
        if isRoot { resources[here.document] = number }
        if !name.isEmpty { resources[here.base] = number }
        if here.dialect == .draft7, let fragment, !fragment.isEmpty { anchors["\(here.base)#\(fragment)"] = number }
        if here.dialect == .draft2020 { takeAnchors(members, number, here) }
        for (key, inner) in members { keyword(key, inner, place, here) }
    }

    private mutating func takeAnchors(_ members: JSONObject, _ number: Int, _ here: Surroundings) {
        if let name = members["$anchor"]?.string { anchors["\(here.base)#\(name)"] = number }
        guard let name = members["$dynamicAnchor"]?.string else { return }
        if anchors["\(here.base)#\(name)"] == nil { anchors["\(here.base)#\(name)"] = number }
        dynamicAnchors[here.resource][name] = number
    }

    private mutating func setDialect(_ members: JSONObject, _ place: JSONPointer, _ here: inout Surroundings) {
        guard let address = members["$schema"]?.string else { return }
        if let dialect = SchemaDialect(address: address) {
            here.dialect = dialect
            here.vocabularies = Set(SchemaVocabulary.allCases)
        } else if let own = documents[address] {
            here.dialect = own["$schema"]?.string.flatMap(SchemaDialect.init(address:)) ?? .draft2020
            setVocabularies(own["$vocabulary"]?.object, place, &here)
        } else {
            let known = SchemaDialect.allCases.map(\.rawValue).joined(separator: " and ")
            report("names a draft that is not known here; known are \(known)", place.appending("$schema"), here)
        }
    }

    private mutating func setVocabularies(_ wanted: JSONObject?, _ place: JSONPointer, _ here: inout Surroundings) {
        guard let wanted else { return }
        here.vocabularies = Set(SchemaVocabulary.allCases.filter { wanted[$0.address] != nil }).union([.core])
        let known = SchemaVocabulary.allCases.map(\.address)
        for (address, isRequired) in wanted where isRequired.bool == true && !known.contains(address) {
            report("needs the vocabulary \(address), which is not known here", place.appending("$schema"), here)
        }
    }

    private mutating func keyword(_ name: String, _ value: JSONValue, _ place: JSONPointer, _ here: Surroundings) {
        let inner = place.appending(name)
        guard let keyword = here.dialect.keywords[name], here.vocabularies.contains(keyword.vocabulary) else {
            if here.document == SchemaAddress.unnamed {
                remarks.append(
                    JSONSchema.Remark(
                        place: inner, message: "is no keyword of JSON Schema, so it is not checked",
                        unknownKeyword: name))
            }
            return
        }
        if let problem = keyword.form.problem(with: value) { return report(problem, inner, here) }
        switch keyword.form {
        case .schema, .schemas, .schemaMap, .schemaOrSchemas, .dependencies: break
        default: return
        }
        // A value of one of these forms is a schema, or holds schemas.
        if value.isSchema, keyword.form.isOneSchema { return walk(value, inner, here) }
        for (index, element) in (value.array ?? []).enumerated() { walk(element, inner.appending("\(index)"), here) }
        for (key, element) in value.object ?? [:] where element.isSchema { walk(element, inner.appending(key), here) }
    }

    mutating func report(_ message: String, _ place: JSONPointer, _ document: String) {
        // What others wrote about the draft itself is not the author's to mend.
        let isOwn = document == SchemaAddress.unnamed
        problems.append(
            JSONSchemaProblems.Problem(
                place: isOwn ? place : JSONPointer(),
                message: isOwn ? message : "refers to \(document), which \(message)"))
    }

    private mutating func report(_ message: String, _ place: JSONPointer, _ here: Surroundings) {
        report(message, place, here.document)
    }
}

extension SchemaKeyword.Form {
    fileprivate var isOneSchema: Bool {
        switch self {
        case .schema, .schemaOrSchemas: true
        default: false
        }
    }
}
