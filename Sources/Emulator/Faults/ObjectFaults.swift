import EmulatorCore
import Foundation
import JSONModel

/// Changes a correct answer into the one that a faulty server would give: pure functions of the JSON.
enum ObjectFaults {
    /// Applies the faults that concern objects and lists.
    static func rewrite(_ json: JSONValue, _ faults: [Fault]) -> JSONValue {
        faults.reduce(json) { rewrite($0, $1) }
    }

    private static func rewrite(_ json: JSONValue, _ fault: Fault) -> JSONValue {
        if let items = json.array { return .array(items.map { object($0, fault) }) }
        guard var list = json.object, let data = list["data"]?.array else { return object(json, fault) }
        var items = data.map { object($0, fault) }
        switch fault {
        case .listOrder(.byID): items.sort { ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "") }
        case .listOrder(.lossy): items = Array(items.dropFirst())
        case .hasMore(let claim): list["has_more"] = claim.map(JSONValue.bool)
        case .messagesLate:
            if let newest = items.firstIndex(where: { $0["role"] == "assistant" }) { items.remove(at: newest) }
        case .listShape(.bare): return .array(items)
        case .listShape(.noObject): list["object"] = nil
        case .listShape(.noIDs):
            list["first_id"] = nil
            list["last_id"] = nil
        default: break
        }
        list["data"] = .array(items)
        if list["last_id"] != nil { list["last_id"] = items.last?["id"] ?? "" }
        if list["first_id"] != nil { list["first_id"] = items.first?["id"] ?? "" }
        return .object(list)
    }

    private static func object(_ json: JSONValue, _ fault: Fault) -> JSONValue {
        guard var members = json.object else { return json }
        switch fault {
        case .dropFields(let names): for name in names { members[name] = nil }
        case .nullFields(let names): for name in names where members[name] != nil { members[name] = .null }
        case .addStrict: members["tools"] = members["tools"].map(strictTools)
        case .addNulls: members["tools"] = members["tools"].map(nullTools)
        case .renameSchema: members["response_format"] = members["response_format"].map(renamedSchema)
        case .texts(let change): changeTexts(&members, change)
        case .floats: return floats(json)
        case .roundNumbers(let digits): return rounded(json, digits)
        case .times(let format): changeTimes(&members, format)
        case .extraFields: members.merge(extraFields)
        case .deleteKeepsName: shortenDeletion(&members)
        case .runStatus(let status):
            if members["object"] == "thread.run" { members["status"] = .string(status) }
        case .indexing(let status):
            guard members["object"] == "vector_store.file" else { return json }
            members["status"] = .string(status)
            if status == "failed" { members["last_error"] = ["code": "server_error", "message": "as the fault says"] }
        default: return json
        }
        return .object(members)
    }

    private static let extraFields: JSONObject = [
        "updated_at": 1_700_000_000, "user_id": "user_1", "org_id": .null, "file_ids": [], "metadata_": [:],
        "extra_body": .null,
    ]

    private static func strictTools(_ tools: JSONValue) -> JSONValue {
        let added: JSONObject = ["strict": false, "description": "", "parameters": [:]]
        return .array(
            (tools.array ?? []).map { tool in
                guard var function = tool["function"]?.object, var members = tool.object else { return tool }
                for (name, value) in added where function[name] == nil { function[name] = value }
                members["function"] = .object(function)
                return .object(members)
            })
    }

    private static func nullTools(_ tools: JSONValue) -> JSONValue {
        .array(
            (tools.array ?? []).map { tool in
                guard var members = tool.object else { return tool }
                for name in ["function", "file_search", "code_interpreter"] where members[name] == nil {
                    members[name] = .null
                }
                if var function = members["function"]?.object {
                    for name in ["strict", "description", "parameters"] where function[name] == nil {
                        function[name] = .null
                    }
                    members["function"] = .object(function)
                }
                if var search = members["file_search"]?.object, search["ranking_options"] == nil {
                    search["ranking_options"] = .null
                    members["file_search"] = .object(search)
                }
                return .object(members)
            })
    }

    private static func renamedSchema(_ format: JSONValue) -> JSONValue {
        guard var members = format.object, let schema = members["json_schema"]?.object else { return format }
        members["json_schema"] = .object(
            JSONObject(schema.map { ($0.key == "schema" ? "schema_" : $0.key, $0.value) }))
        return .object(members)
    }

    private static func changeTexts(_ members: inout JSONObject, _ change: Fault.TextChange) {
        for name in ["name", "description", "instructions"] {
            guard let text = members[name]?.string else { continue }
            switch change {
            case .trimmed: members[name] = .string(text.trimmingCharacters(in: .whitespacesAndNewlines))
            case .newline: members[name] = .string(text + "\n")
            }
        }
    }

    private static func floats(_ json: JSONValue) -> JSONValue {
        switch json {
        case .integer(let number): .number(Double(number))
        case .array(let elements): .array(elements.map(floats))
        case .object(let members): .object(members.mapValues(floats))
        default: json
        }
    }

    private static func rounded(_ json: JSONValue, _ digits: Int) -> JSONValue {
        let scale = pow(10, Double(min(digits, 15)))
        switch json {
        case .number(let number): return .number((number * scale).rounded() / scale)
        case .array(let elements): return .array(elements.map { rounded($0, digits) })
        case .object(let members): return .object(members.mapValues { rounded($0, digits) })
        default: return json
        }
    }

    private static func changeTimes(_ members: inout JSONObject, _ format: Fault.TimeFormat) {
        for key in members.keys where key.hasSuffix("_at") {
            guard let seconds = members[key]?.int else { continue }
            switch format {
            case .milliseconds: members[key] = .integer(seconds * 1_000)
            case .float: members[key] = .number(Double(seconds) + 0.25)
            case .iso:
                let date = Date(timeIntervalSince1970: Double(seconds))
                members[key] = .string(date.formatted(.iso8601))
            }
        }
    }

    private static func shortenDeletion(_ members: inout JSONObject) {
        guard let name = members["object"]?.string, name.hasSuffix(".deleted") else { return }
        members["object"] = .string(String(name.dropLast(".deleted".count)))
    }
}
