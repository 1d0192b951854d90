import JSONModel
import Patterns

/// One schema, compiled.
struct SchemaNode: Sendable {
    /// The number of the resource that it belongs to, for dynamic references.
    var resource: Int
    /// In the order in which they are checked: what looks at the others' results comes last.
    var rules: [SchemaRule] = []
}

/// What a schema demands. Other schemas are named by the number of their node.
enum SchemaRule: Sendable {
    case never
    case types([String])
    /// Values by their canonical form, and as they are shown.
    case values([[UInt8]], shown: String)
    case number(SchemaBound, JSONValue)
    case multiple(SchemaDecimal, JSONValue)
    case length(least: Int?, most: Int?)
    case pattern(Pattern)
    case format(SchemaFormat)
    case required([String])
    case memberCount(least: Int?, most: Int?)
    case members(named: [String: Int], matching: [(Pattern, Int)], others: Int?)
    case memberNames(Int)
    case dependentNames([(String, [String])])
    case dependentSchemas([(String, Int)])
    case itemCount(least: Int?, most: Int?)
    case uniqueItems
    case items(first: [Int], rest: Int?)
    case contains(Int, least: Int, most: Int?, marks: Bool)
    case all([Int])
    case any([Int])
    case one([Int])
    case not(Int)
    case condition(Int, then: Int?, otherwise: Int?)
    case reference(Int)
    case dynamicReference(Int, String)
    case unevaluatedItems(Int)
    case unevaluatedMembers(Int)
}

enum SchemaBound: Sendable {
    case atLeast, atMost, above, below
}

/// A number as its digits and the power of ten that they count, for exact division.
struct SchemaDecimal: Sendable {
    private let digits: UInt64
    private let exponent: Int

    /// Reads a number's JSON text; nil for one with more digits than fit.
    init?(_ value: JSONValue) {
        var digits: UInt64 = 0
        var exponent = 0
        var isFraction = false
        let text = value.text(.canonical)
        let mantissa = text.prefix { $0 != "e" && $0 != "E" }
        for character in mantissa {
            if character == "." {
                isFraction = true
            } else if let digit = character.wholeNumberValue {
                let (product, first) = digits.multipliedReportingOverflow(by: 10)
                let (sum, second) = product.addingReportingOverflow(UInt64(digit))
                guard !first, !second else { return nil }
                digits = sum
                if isFraction { exponent -= 1 }
            }
        }
        if mantissa.count < text.count {
            guard let power = Int(text.dropFirst(mantissa.count + 1)), power.magnitude < 100_000 else { return nil }
            exponent += power
        }
        self.digits = digits
        self.exponent = exponent
    }

    /// Whether this is a whole multiple of a number above 0.
    func isMultiple(of step: SchemaDecimal) -> Bool {
        guard digits != 0 else { return true }
        guard step.digits != 0 else { return false }
        let shift = exponent - step.exponent
        if shift >= 0 {
            var rest = digits % step.digits
            for _ in 0..<shift where rest != 0 {
                let product = rest.multipliedFullWidth(by: 10)
                rest = step.digits.dividingFullWidth((product.high % step.digits, product.low)).remainder
            }
            return rest == 0
        }
        var divisor = step.digits
        for _ in 0..<(-shift) {
            let (product, overflow) = divisor.multipliedReportingOverflow(by: 10)
            guard !overflow else { return false }
            divisor = product
        }
        return digits % divisor == 0
    }
}
