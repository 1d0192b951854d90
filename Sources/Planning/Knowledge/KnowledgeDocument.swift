import JSONModel
import States

/// Stores and files in the JSON of a plan.
enum KnowledgeDocument {
    /// Of a store's entry in `resource_changes`.
    static let type = "knowledge"

    static func change(_ change: KnowledgeChange) -> JSONValue {
        var json: JSONObject = [
            "address": .string("knowledge.\(change.key)"), "type": .string(type), "name": .string(change.key.text),
            "change": [
                "actions": .array(actionWords(change.action).map(JSONValue.string)),
                "before": side(change, isThere: change.action != .create, isBefore: true),
                "after": side(change, isThere: change.action != .delete, isBefore: false),
                "after_sensitive": [:],
            ],
            "files": .array(change.files.map(file)), "unchanged_files": .integer(change.unchangedFiles),
            "settings": .array(change.settings.map(setting)),
            "assistants": .array(change.assistants.map { .string($0.text) }), "protected": .bool(change.isProtected),
            "upload_bytes": .integer(change.uploadBytes),
        ]
        json["id"] = change.id.map { .string($0.text) }
        json["reason"] = change.reason.map(reason)
        json["observed_digest"] = change.observedDigest.map(JSONValue.string)
        json["write"] = change.write.map(write)
        return .object(json)
    }

    static func actionWords(_ action: KnowledgeChange.Action) -> [String] {
        switch action {
        case .create, .update, .delete: [action.rawValue]
        case .replace: ["create", "delete"]
        case .none: ["no-op"]
        }
    }

    /// Settings and files that differ, by name, as policies look at them.
    private static func side(_ change: KnowledgeChange, isThere: Bool, isBefore: Bool) -> JSONValue {
        guard isThere else { return .null }
        var members = JSONObject()
        for setting in change.settings { members[setting.name] = .string(isBefore ? setting.before : setting.after) }
        let files = change.files.compactMap { file -> JSONValue? in
            switch (file.kind, isBefore) {
            case (.added, true), (.removed, false): nil
            case (.renamed(let old), true): .string(old)
            default: .string(file.path)
            }
        }
        members["files"] = .array(files)
        return .object(members)
    }

    private static func reason(_ reason: KnowledgeChange.Reason) -> JSONValue {
        switch reason {
        case .notInProject: ["kind": "not_in_project"]
        case .destroyed: ["kind": "destroyed"]
        case .duplicate(let other): ["kind": "duplicate", "of": .string(other.text)]
        case .expired: ["kind": "expired"]
        case .chunking: ["kind": "chunking"]
        case .unfinished: ["kind": "unfinished"]
        }
    }

    private static func setting(_ setting: KnowledgeChange.Setting) -> JSONValue {
        [
            "name": .string(setting.name), "before": .string(setting.before), "after": .string(setting.after),
            "cause": .string(setting.cause.rawValue),
        ]
    }

    private static func file(_ file: KnowledgeFileChange) -> JSONValue {
        var json: JSONObject = ["path": .string(file.path), "cause": .string(file.cause.rawValue)]
        switch file.kind {
        case .added: json["kind"] = "added"
        case .changed: json["kind"] = "changed"
        case .renamed(let old): (json["kind"], json["from"]) = ("renamed", .string(old))
        case .removed: json["kind"] = "removed"
        case .attributes: json["kind"] = "attributes"
        case .reindexed: json["kind"] = "reindexed"
        case .failed(let reason): (json["kind"], json["problem"]) = ("failed", .string(reason))
        case .awaited: json["kind"] = "awaited"
        }
        json["content"] = file.content.map { .string($0.text) }
        json["bytes_before"] = file.bytesBefore.map(JSONValue.integer)
        json["bytes_after"] = file.bytesAfter.map(JSONValue.integer)
        json["uploaded"] = .bool(file.isUploaded)
        json["replaced"] = file.replaced.map { .string($0.text) }
        json["text"] = file.texts.map { ["before": .string($0.before), "after": .string($0.after)] }
        return .object(json)
    }

    private static func wanted(_ file: DesiredFile) -> JSONValue {
        [
            "path": .string(file.path), "sha256": .string(file.digest.text), "bytes": .integer(file.bytes),
            "attributes": .object(file.attributes),
        ]
    }

    private static func write(_ write: KnowledgeWrite) -> JSONValue {
        [
            "marks": .object(write.marks.metadata), "files": .array(write.files.map(wanted)),
            "chunking": .string(write.chunking.description),
        ]
    }

    /// What is no store's; nil where there is nothing of it.
    static func files(_ plan: KnowledgePlan) -> JSONValue? {
        guard plan != .none else { return nil }
        return [
            "uploads": .array(plan.uploads.map(wanted)), "code_files": .array(plan.codeFiles.map(wanted)),
            "leftovers": .array(
                plan.leftovers.map { file in
                    [
                        "id": .string(file.id.text), "name": .string(file.name),
                        "bytes": file.bytes.map(JSONValue.integer) ?? .null,
                    ]
                }),
            "contents": .array(plan.contents.sorted().map { .string($0.text) }),
            "upload_bytes": .integer(plan.uploadBytes),
        ]
    }
}

// MARK: - Reading

extension KnowledgeDocument {
    /// Reads what ``change(_:)`` and ``files(_:)`` wrote; nil for what they cannot have written.
    static func plan(_ changes: [JSONValue], files: JSONValue?) -> KnowledgePlan? {
        let read = changes.compactMap(readChange)
        guard read.count == changes.count else { return nil }
        let wanted = { (name: String) in (files?[name]?.array ?? []).compactMap(readWanted) }
        let leftovers = (files?["leftovers"]?.array ?? []).compactMap { json -> ServerFile? in
            guard let id = json["id"]?.string.flatMap(FileID.init) else { return nil }
            return ServerFile(id: id, name: json["name"]?.string ?? "", bytes: json["bytes"]?.int)
        }
        let contents = (files?["contents"]?.array ?? []).compactMap { $0.string.flatMap { ContentMark($0) } }
        return KnowledgePlan(
            changes: read, uploads: wanted("uploads"), leftovers: leftovers, contents: Set(contents),
            codeFiles: wanted("code_files"))
    }

    private static func readChange(_ json: JSONValue) -> KnowledgeChange? {
        let words = json["change"]?["actions"]?.array?.compactMap(\.string) ?? []
        guard let key = json["name"]?.string.flatMap(KnowledgeKey.init),
            let action = KnowledgeChange.Action.allCases.first(where: { actionWords($0) == words })
        else { return nil }
        return KnowledgeChange(
            key: key, action: action, id: json["id"]?.string.flatMap(StoreID.init),
            reason: json["reason"].flatMap(readReason), files: (json["files"]?.array ?? []).compactMap(readFile),
            unchangedFiles: json["unchanged_files"]?.int ?? 0,
            settings: (json["settings"]?.array ?? []).compactMap(readSetting),
            assistants: (json["assistants"]?.array ?? []).compactMap { $0.string.flatMap(AssistantKey.init) },
            isProtected: json["protected"]?.bool ?? false, observedDigest: json["observed_digest"]?.string,
            write: json["write"].flatMap(readWrite))
    }

    private static func readReason(_ json: JSONValue) -> KnowledgeChange.Reason? {
        switch json["kind"]?.string {
        case "not_in_project": .notInProject
        case "destroyed": .destroyed
        case "duplicate": json["of"]?.string.flatMap(StoreID.init).map { .duplicate(of: $0) }
        case "expired": .expired
        case "chunking": .chunking
        case "unfinished": .unfinished
        default: nil
        }
    }

    private static func readSetting(_ json: JSONValue) -> KnowledgeChange.Setting? {
        guard let name = json["name"]?.string, let cause = json["cause"]?.string.flatMap(FieldChange.Cause.init) else {
            return nil
        }
        return KnowledgeChange.Setting(
            name, before: json["before"]?.string ?? "", after: json["after"]?.string ?? "", cause: cause)
    }

    private static func readFile(_ json: JSONValue) -> KnowledgeFileChange? {
        guard let path = json["path"]?.string, let cause = json["cause"]?.string.flatMap(FieldChange.Cause.init),
            let kind = readKind(json)
        else { return nil }
        let texts = json["text"].map { text in
            KnowledgeFileChange.Texts(before: text["before"]?.string ?? "", after: text["after"]?.string ?? "")
        }
        return KnowledgeFileChange(
            path: path, kind: kind, content: json["content"]?.string.flatMap { ContentMark($0) },
            bytesBefore: json["bytes_before"]?.int, bytesAfter: json["bytes_after"]?.int,
            isUploaded: json["uploaded"]?.bool ?? false, cause: cause,
            replaced: json["replaced"]?.string.flatMap(FileID.init), texts: texts)
    }

    private static func readKind(_ json: JSONValue) -> KnowledgeFileChange.Kind? {
        switch json["kind"]?.string {
        case "added": .added
        case "changed": .changed
        case "renamed": .renamed(from: json["from"]?.string ?? "")
        case "removed": .removed
        case "attributes": .attributes
        case "reindexed": .reindexed
        case "failed": .failed(json["problem"]?.string ?? "")
        case "awaited": .awaited
        default: nil
        }
    }

    private static func readWanted(_ json: JSONValue) -> DesiredFile? {
        guard let path = json["path"]?.string, let digest = json["sha256"]?.string.flatMap(FileDigest.init),
            let bytes = json["bytes"]?.int
        else { return nil }
        return DesiredFile(path: path, digest: digest, bytes: bytes, attributes: json["attributes"]?.object ?? [:])
    }

    private static func readWrite(_ json: JSONValue) -> KnowledgeWrite? {
        guard let marks = KnowledgeMarks(metadata: json["marks"]?.object ?? [:]),
            let chunking = json["chunking"]?.string.flatMap(ChunkSizes.init)
        else { return nil }
        return KnowledgeWrite(
            marks: marks, files: (json["files"]?.array ?? []).compactMap(readWanted), chunking: chunking)
    }
}
