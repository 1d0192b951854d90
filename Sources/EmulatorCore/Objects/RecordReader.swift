import AssistantsAPI
import JSONModel

/// A stored object is not what it was when it was written: the file was damaged or edited.
package struct DamagedRecord: Error, Equatable, CustomStringConvertible {
    package let kind: ObjectKind
    package let id: String
    /// Half a sentence.
    package let problem: String

    package init(kind: ObjectKind, id: String, problem: String) {
        self.kind = kind
        self.id = id
        self.problem = problem
    }

    package var description: String { "The stored \(kind.noun) '\(id.prefix(128))' is damaged: \(problem)." }
}

/// Reads the members of a stored object and says what is wrong with them.
struct RecordReader {
    let kind: ObjectKind
    let object: JSONObject

    /// Times from 1970 to the year 9999 in Unix seconds; others come from damage.
    private static let times = 0...253_402_300_799

    func text(_ name: String) throws(DamagedRecord) -> String {
        guard let text = object[name]?.string else { throw wrong(name, "a text") }
        return text
    }

    func optionalText(_ name: String) throws(DamagedRecord) -> String? {
        guard let value = object[name]?.unlessNull else { return nil }
        guard let text = value.string else { throw wrong(name, "a text") }
        return text
    }

    func time(_ name: String) throws(DamagedRecord) -> Int {
        guard let time = try optionalTime(name) else { throw wrong(name, "a time") }
        return time
    }

    func optionalTime(_ name: String) throws(DamagedRecord) -> Int? {
        guard let value = object[name]?.unlessNull else { return nil }
        guard let time = value.int, Self.times.contains(time) else { throw wrong(name, "a time") }
        return time
    }

    func list(_ name: String) throws(DamagedRecord) -> [JSONValue] {
        guard let list = object[name]?.array else { throw wrong(name, "a list") }
        return list
    }

    func usage() throws(DamagedRecord) -> TokenUsage? {
        guard let value = object["usage"]?.unlessNull else { return nil }
        guard let usage = TokenUsage(value) else { throw wrong("usage", "a count of tokens") }
        return usage
    }

    func failure() throws(DamagedRecord) -> RunFailure {
        guard let code = object["last_error"]?["code"]?.string, let message = object["last_error"]?["message"]?.string
        else { throw wrong("last_error", "an error") }
        return RunFailure(code: code, message: message)
    }

    func wrong(_ name: String, _ expected: String) -> DamagedRecord {
        let found = object[name].map { "is \($0.kindName)" } ?? "is missing"
        return damaged("'\(name)' \(found), not \(expected)")
    }

    func damaged(_ problem: String) -> DamagedRecord {
        DamagedRecord(kind: kind, id: object["id"]?.string ?? "", problem: problem)
    }
}
