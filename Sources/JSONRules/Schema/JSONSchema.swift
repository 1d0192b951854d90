package import JSONModel

/// A JSON Schema, read once: draft 2020-12, or draft 7 where `$schema` says so.
///
/// Nothing is fetched: a reference leads to a place in the schema itself, to one of the documents given with it, or to
/// the schema of a draft's schemas. `format` is checked for ``checkedFormats``.
package struct JSONSchema: Sendable {
    /// Something that a schema says and that nobody checks.
    package struct Remark: Equatable, Sendable {
        package let place: JSONPointer
        /// What it is, as half a sentence.
        package let message: String
        /// The last step of the place is a key that no draft knows; nil when the value is what is not known.
        package let unknownKeyword: String?
    }

    /// How a document and a schema go together.
    package enum Verdict: Equatable, Sendable {
        case fits
        /// One phrase for each problem, such as `query.mkt must be one of "zh-TW", "en-US"`.
        case differs([String])
        /// The comparison took too long, for the reason given.
        case unknown(String)
    }

    /// What the author may want to know, in the schema's order.
    package let remarks: [Remark]
    let nodes: [SchemaNode]
    /// Targets of `$dynamicRef` by the number of the resource that holds them.
    let dynamicAnchors: [[String: Int]]

    /// Formats that are checked; the names of others are remarked on.
    package static let checkedFormats = SchemaFormat.allCases.map(\.rawValue)

    /// Keywords that are known, for suggestions.
    package static let keywords: [String] = SchemaDialect.draft2020.keywords.keys.sorted()

    /// The words that `type` takes.
    package static let types: [String] = SchemaKeyword.Form.typeNames

    /// Reads a schema.
    ///
    /// - Parameters:
    ///   - document: the schema.
    ///   - documents: others that it may refer to, by their addresses.
    ///   - checksFormats: false makes `format` a remark for readers, as the drafts themselves have it.
    /// - Throws: ``JSONSchemaProblems`` with everything that is wrong with the schema.
    package init(
        _ document: JSONValue, documents: [String: JSONValue] = [:], checksFormats: Bool = true
    ) throws(JSONSchemaProblems) {
        var index = SchemaIndex(documents: documents)
        index.add(document, at: SchemaAddress.unnamed)
        var compiler = SchemaCompiler(index: index, checksFormats: checksFormats)
        compiler.compile()
        guard compiler.problems.isEmpty else { throw JSONSchemaProblems(problems: compiler.problems) }
        nodes = compiler.nodes
        remarks = compiler.remarks
        dynamicAnchors = compiler.dynamicAnchors
    }

    /// Compares a document with the schema.
    ///
    /// - Parameter document: what is checked.
    /// - Returns: whether it fits.
    package func verdict(on document: JSONValue) -> Verdict {
        var check = SchemaCheck(schema: self)
        do throws(SchemaLimit) {
            let problems = try check.problems(of: document)
            return problems.isEmpty ? .fits : .differs(problems)
        } catch {
            return .unknown(error.description)
        }
    }
}

/// Everything that is wrong with a schema.
package struct JSONSchemaProblems: Error, Equatable, CustomStringConvertible {
    package struct Problem: Equatable, Sendable {
        /// In the schema.
        package let place: JSONPointer
        /// What is wrong, as half a sentence without its subject: `must be a number, not a string`.
        package let message: String
    }

    package let problems: [Problem]

    package var description: String {
        problems.map { problem in
            let place = problem.place.steps.isEmpty ? "the schema" : "\(problem.place)"
            return "\(place) \(problem.message)"
        }.joined(separator: "; ")
    }
}
