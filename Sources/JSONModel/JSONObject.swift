import OrderedCollections
import Texts

/// The members of a JSON object, in the order in which they were first written. Equality ignores the order; keys are told
/// apart by their Unicode scalars.
package struct JSONObject: Sendable {
    private var members: OrderedDictionary<ExactText, JSONValue>

    package init() {
        members = [:]
    }

    /// The members of a sequence; of several with one key, the last value counts at the first one's place.
    package init(_ pairs: some Sequence<(key: String, value: JSONValue)>) {
        self.init()
        for (key, value) in pairs { members[ExactText(key)] = value }
    }

    /// The value of `key`; setting nil removes the member.
    package subscript(key: String) -> JSONValue? {
        get { members[ExactText(key)] }
        set { members[ExactText(key)] = newValue }
    }

    package var keys: [String] {
        members.keys.map(\.text)
    }

    /// Adds the members of `other`, which win over those of the same key.
    package mutating func merge(_ other: JSONObject) {
        members.merge(other.members) { $1 }
    }

    /// These members and those of `other`, which win over those of the same key.
    package func merging(_ other: JSONObject) -> JSONObject {
        var result = self
        result.merge(other)
        return result
    }

    /// The members that satisfy `isIncluded`, in their order.
    package func filter(_ isIncluded: (Element) throws -> Bool) rethrows -> JSONObject {
        var result = JSONObject()
        result.members = try members.filter { try isIncluded((key: $0.key.text, value: $0.value)) }
        return result
    }

    /// The same keys with transformed values.
    package func mapValues(_ transform: (JSONValue) throws -> JSONValue) rethrows -> JSONObject {
        var result = JSONObject()
        result.members = try members.mapValues(transform)
        return result
    }
}

extension JSONObject: RandomAccessCollection {
    package typealias Element = (key: String, value: JSONValue)

    package var startIndex: Int { 0 }
    package var endIndex: Int { members.count }

    package subscript(position: Int) -> Element {
        let (key, value) = members.elements[position]
        return (key.text, value)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && left.members.allSatisfy { key, value in right.members[key] == value }
    }

    package func hash(into hasher: inout Hasher) {
        // Order must not matter: equal objects may list their members differently.
        hasher.combine(members.reduce(0) { $0 ^ $1.key.hashValue ^ $1.value.hashValue })
    }
}
