package import JSONModel
package import States

/// A plan as a JSON file: versioned, deterministic, without secrets, shaped like Terraform's where reviewers' tools look.
/// docs/design.md#plans.
package enum PlanDocument {
    /// Raised when a reader of this version would misread the file.
    package static let formatVersion = "1.0"

    /// Why a file is no plan that can be applied.
    package enum Problem: Error, Equatable {
        case notAPlan
        case newerFormat(String)
        /// The file was edited after it was written.
        case digestMismatch
    }

    /// The plan as a document, its digest included.
    package static func json(_ plan: Plan, digests: Digests) -> JSONValue {
        var members = contents(plan)
        members["digest"] = .string(digest(plan, digests: digests))
        return .object(members)
    }

    /// What a review shows and `apply --expect` compares: equal plans have equal digests.
    package static func digest(_ plan: Plan, digests: Digests) -> String {
        // What is not the project's is no part of what was approved: a stranger's new assistant changes nothing.
        var own = plan
        own.unownedCount = 0
        // Nor is how a server words that it gives no file back: it names each request otherwise.
        own.notes.removeAll { [.adoptable, .unreadable, .unseenText].contains($0.kind) }
        return digests.document(.object(contents(own)))
    }

    private static func contents(_ plan: Plan) -> JSONObject {
        var members = wholeContents(plan)
        members["files"] = KnowledgeDocument.files(plan.knowledge)
        members["target"] = plan.target.map { target in
            ["address": .string(target.address), "headers": .array(target.headers.map(JSONValue.string))]
        }
        return members
    }

    private static func wholeContents(_ plan: Plan) -> JSONObject {
        [
            "format_version": .string(formatVersion),
            "owner": .string(plan.owner.text),
            "environment": .string(plan.environment),
            "owned": .integer(plan.ownedCount),
            "unowned": .integer(plan.unownedCount),
            "resource_changes": .array(
                plan.changes.map(change) + plan.knowledge.changes.map(KnowledgeDocument.change)),
            "notes": .array(
                plan.notes.map { note in
                    [
                        "kind": .string(note.kind.rawValue), "key": .string(note.key?.text ?? ""),
                        "message": .string(note.message),
                    ]
                }),
        ]
    }

    /// One assistant's entry of `resource_changes`.
    package static func change(_ change: AssistantChange) -> JSONValue {
        var json: JSONObject = [
            "address": .string("assistant.\(change.key)"), "type": "assistant", "name": .string(change.key.text),
        ]
        json["change"] = [
            "actions": .array(actionWords(change.action).map(JSONValue.string)),
            "before": values(change, \.before, isThere: change.action != .create),
            "after": values(change, \.after, isThere: change.action != .delete),
            "after_sensitive": .object(JSONObject(change.fields.filter(\.isSecret).map { ($0.field.rawValue, true) })),
        ]
        json["id"] = change.id.map { .string($0.text) }
        json["reason"] = change.reason.map(reason)
        json["causes"] = .object(JSONObject(change.fields.map { ($0.field.rawValue, .string($0.cause.rawValue)) }))
        json["unchanged_fields"] = .integer(change.unchangedFields)
        json["protected"] = .bool(change.isProtected)
        json["protection"] = change.protection.map { ["before": .bool($0.before), "after": .bool($0.after)] }
        json["secrecy"] = change.secrecy.map { ["before": fieldNames($0.before), "after": fieldNames($0.after)] }
        json["observed_digest"] = change.observedDigest.map(JSONValue.string)
        json["write"] = change.write.map { write($0, secrets: change.secretFields) }
        return .object(json)
    }

    private static func fieldNames(_ fields: Set<AssistantField>) -> JSONValue {
        .array(fields.sorted().map { .string($0.rawValue) })
    }

    /// Terraform's words; a replacement is two.
    private static func actionWords(_ action: AssistantChange.Action) -> [String] {
        switch action {
        case .create, .update, .delete: [action.rawValue]
        case .replace: ["create", "delete"]
        case .none: ["no-op"]
        }
    }

    private static func values(
        _ change: AssistantChange, _ side: KeyPath<FieldChange, JSONValue>, isThere: Bool
    ) -> JSONValue {
        guard isThere else { return .null }
        return .object(
            JSONObject(change.fields.map { ($0.field.rawValue, $0.isSecret ? .null : $0[keyPath: side]) }))
    }

    private static func reason(_ reason: AssistantChange.Reason) -> JSONValue {
        switch reason {
        case .notInProject: ["kind": "not_in_project"]
        case .destroyed: ["kind": "destroyed"]
        case .duplicate(let older): ["kind": "duplicate", "of": .string(older.text)]
        case .moved(let old): ["kind": "moved", "from": .string(old.text)]
        }
    }

    private static func write(_ write: AssistantWrite, secrets: Set<AssistantField>) -> JSONValue {
        var fields = JSONObject()
        for field in AssistantField.allCases where !secrets.contains(field) && field != .metadata {
            fields[field.rawValue] = write.fields[field]
        }
        return [
            "fields": .object(fields), "metadata": secrets.contains(.metadata) ? .null : .object(write.metadata),
            "marks": .object(write.marks.metadata),
        ]
    }
}

extension PlanDocument {
    /// Reads a saved plan.
    ///
    /// - Parameters:
    ///   - json: the document.
    ///   - digests: to check that it is as it was written.
    /// - Returns: the plan. Secret values are missing from its writes; see ``AssistantWrite/completed(from:digests:)``.
    /// - Throws: ``Problem``.
    package static func plan(_ json: JSONValue, digests: Digests) throws(Problem) -> Plan {
        guard let version = json["format_version"]?.string, let owner = json["owner"]?.string.flatMap(Owner.init),
            let environment = json["environment"]?.string, let changes = json["resource_changes"]?.array
        else { throw .notAPlan }
        guard version.split(separator: ".").first == formatVersion.split(separator: ".").first else {
            throw .newerFormat(version)
        }
        let isStore = { (json: JSONValue) in json["type"]?.string == KnowledgeDocument.type }
        let read = changes.filter { !isStore($0) }.compactMap(readChange)
        guard let knowledge = KnowledgeDocument.plan(changes.filter(isStore), files: json["files"]),
            read.count + knowledge.changes.count == changes.count
        else { throw .notAPlan }
        let notes = (json["notes"]?.array ?? []).compactMap { note -> PlanNote? in
            guard let kind = note["kind"]?.string.flatMap(PlanNote.Kind.init) else { return nil }
            return PlanNote(kind, key: note["key"]?.string.flatMap(AssistantKey.init), note["message"]?.string ?? "")
        }
        var plan = Plan(
            owner: owner, environment: environment, changes: read, ownedCount: json["owned"]?.int,
            unownedCount: json["unowned"]?.int ?? 0, notes: notes)
        plan.knowledge = knowledge
        plan.target = json["target"].map { target in
            PlanTarget(
                address: target["address"]?.string ?? "",
                headers: (target["headers"]?.array ?? []).compactMap(\.string))
        }
        guard json["digest"]?.string == digest(plan, digests: digests) else { throw .digestMismatch }
        return plan
    }

    private static func readChange(_ json: JSONValue) -> AssistantChange? {
        let words = json["change"]?["actions"]?.array?.compactMap(\.string) ?? []
        guard let key = json["name"]?.string.flatMap(AssistantKey.init),
            let action = AssistantChange.Action.allCases.first(where: { actionWords($0) == words })
        else { return nil }
        let secrets = json["change"]?["after_sensitive"]?.object ?? [:]
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            guard let cause = json["causes"]?[field.rawValue]?.string.flatMap(FieldChange.Cause.init) else {
                return nil
            }
            return FieldChange(
                field: field, before: json["change"]?["before"]?[field.rawValue] ?? .null,
                after: json["change"]?["after"]?[field.rawValue] ?? .null, cause: cause,
                isSecret: secrets[field.rawValue] == true)
        }
        let protection = json["protection"].flatMap { value -> AssistantChange.ProtectionChange? in
            guard let before = value["before"]?.bool, let after = value["after"]?.bool else { return nil }
            return AssistantChange.ProtectionChange(before: before, after: after)
        }
        return AssistantChange(
            key: key, action: action, id: json["id"]?.string.flatMap(AssistantID.init),
            reason: json["reason"].flatMap(readReason), fields: fields,
            unchangedFields: json["unchanged_fields"]?.int ?? 0, protection: protection,
            secrecy: json["secrecy"].map {
                AssistantChange.SecrecyChange(before: readFields($0["before"]), after: readFields($0["after"]))
            },
            isProtected: json["protected"]?.bool ?? false, observedDigest: json["observed_digest"]?.string,
            write: json["write"].flatMap(readWrite))
    }

    private static func readFields(_ json: JSONValue?) -> Set<AssistantField> {
        Set((json?.array ?? []).compactMap { $0.string.flatMap(AssistantField.init) })
    }

    private static func readReason(_ json: JSONValue) -> AssistantChange.Reason? {
        switch json["kind"]?.string {
        case "not_in_project": .notInProject
        case "destroyed": .destroyed
        case "duplicate": json["of"]?.string.flatMap(AssistantID.init).map { .duplicate(of: $0) }
        case "moved": json["from"]?.string.flatMap(AssistantKey.init).map { .moved(from: $0) }
        default: nil
        }
    }

    private static func readWrite(_ json: JSONValue) -> AssistantWrite? {
        guard let marks = Marks(metadata: json["marks"]?.object ?? [:]) else { return nil }
        var fields: [AssistantField: JSONValue] = [:]
        for field in AssistantField.allCases { fields[field] = json["fields"]?[field.rawValue] }
        return AssistantWrite(fields: fields, metadata: json["metadata"]?.object ?? [:], marks: marks)
    }
}

extension AssistantChange {
    /// A saved change with the secret values that its file does not hold, taken from today's specs.
    ///
    /// - Parameters:
    ///   - desired: the assistant's spec now; nil when it is gone.
    ///   - digests: to check that the spec still says what was planned.
    /// - Returns: nil when the secrets differ from those that were planned.
    package func completed(from desired: DesiredAssistant?, digests: Digests) -> AssistantChange? {
        guard var write, !secretFields.isEmpty else { return self }
        let sent =
            action == .update ? Set(fields.map(\.field)).union([.model, .metadata]) : Set(AssistantField.allCases)
        for field in secretFields.intersection(sent) {
            let value = desired?.fields[field]
            guard digests.field(field, value) == write.marks.applied?[field]?.desired else { return nil }
            if field == .metadata {
                write.metadata = value?.object ?? [:]
            } else {
                write.fields[field] = value ?? (action == .update ? field.defaultValue : nil)
            }
        }
        var completed = self
        completed.write = write
        return completed
    }
}
