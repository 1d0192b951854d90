package import JSONModel
package import Reports
package import States

/// An apply as JSON, whatever its ending: what `apply --report` writes.
package struct ApplyDocument: Sendable {
    /// Raised when a reader of this version would misread the document.
    package static let formatVersion = "1.0"

    package var environment: String
    /// For whom was written.
    package var owner: Owner
    /// Of the plan that was applied; nil when there was none to apply.
    package var planDigest: String?
    /// What became of the assistants; nil when nothing was begun.
    package var report: ApplyReport?

    package init(environment: String, owner: Owner) {
        self.environment = environment
        self.owner = owner
    }

    /// The document.
    ///
    /// - Parameters:
    ///   - exitCode: the code that the command ends with. docs/design.md#commands.
    ///   - message: why it was refused or failed; nil when there is nothing to say.
    /// - Returns: the JSON.
    package func json(exitCode: Int, message: String?) -> JSONValue {
        let outcomes = report?.outcomes ?? []
        var counts = JSONObject()
        for status in ApplyReport.Status.allCases {
            counts[status.rawValue] = .integer(outcomes.count { $0.status == status })
        }
        return [
            "format_version": .string(Self.formatVersion), "environment": .string(environment),
            "owner": .string(owner.text), "exit_code": .integer(exitCode), "result": .string(Self.result(exitCode)),
            "knowledge": Self.knowledge(report?.knowledge ?? KnowledgeReport()),
            "message": (message ?? report?.problem).map(JSONValue.string) ?? .null,
            "plan_digest": planDigest.map(JSONValue.string) ?? .null, "counts": .object(counts),
            "assistants": .array(outcomes.map(Self.outcome)),
            "other_readings": .array((report?.otherReadings ?? []).map(Self.otherReading)),
        ]
    }

    private static func result(_ exitCode: Int) -> String {
        switch exitCode {
        case 0: "done"
        case 3: "refused"
        case 4: "tests_failed"
        case 5: "partly_done"
        case 130: "interrupted"
        default: "failed"
        }
    }

    private static func knowledge(_ report: KnowledgeReport) -> JSONValue {
        let stores = report.outcomes.map { outcome -> JSONValue in
            [
                "knowledge": .string(outcome.key.text), "id": outcome.id.map { .string($0.text) } ?? .null,
                "status": .string(outcome.status.rawValue), "added": .integer(outcome.added),
                "removed": .integer(outcome.removed), "message": outcome.message.map(JSONValue.string) ?? .null,
            ]
        }
        return [
            "stores": .array(stores), "uploaded_files": .integer(report.uploadedFiles),
            "uploaded_bytes": .integer(report.uploadedBytes), "deleted_files": .integer(report.deletedFiles),
            "problems": .array(report.problems.map(JSONValue.string)),
        ]
    }

    private static func otherReading(_ reading: ApplyReport.OtherReading) -> JSONValue {
        [
            "assistant": .string(reading.key.text), "id": .string(reading.id.text),
            "fields": .array(reading.fields.map { .string($0.rawValue) }),
        ]
    }

    private static func outcome(_ outcome: ApplyReport.Outcome) -> JSONValue {
        [
            "assistant": .string(outcome.key.text), "id": outcome.id.map { .string($0.text) } ?? .null,
            "status": .string(outcome.status.rawValue), "message": outcome.message.map(JSONValue.string) ?? .null,
        ]
    }
}
