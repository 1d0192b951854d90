package import JSONModel

/// An assistant as its spec wants it, for one environment.
package struct DesiredAssistant: Hashable, Sendable {
    package let key: AssistantKey
    /// Only the fields that the spec, its overrides or the defaults set.
    package var fields: [AssistantField: JSONValue]
    /// `lifecycle.prevent_destroy`.
    package var preventDestroy: Bool
    /// `lifecycle.ignore_changes`: sent when the assistant is created, never compared.
    package var ignoredFields: Set<AssistantField>
    /// The key under which the assistant was applied before.
    package var movedFrom: AssistantKey?
    /// Fields with a part that came from `{env: …, secret: true}`: their values are never shown or saved.
    package var secretFields: Set<AssistantField>

    package init(
        key: AssistantKey, fields: [AssistantField: JSONValue], preventDestroy: Bool = false,
        ignoredFields: Set<AssistantField> = [], movedFrom: AssistantKey? = nil, secretFields: Set<AssistantField> = []
    ) {
        self.key = key
        self.fields = fields
        self.preventDestroy = preventDestroy
        self.ignoredFields = ignoredFields
        self.movedFrom = movedFrom
        self.secretFields = secretFields
    }
}

/// Everything that should exist in one environment.
package struct DesiredState: Hashable, Sendable {
    /// The mark of everything that the project owns there.
    package var owner: Owner
    package var assistants: [DesiredAssistant]

    package init(owner: Owner, assistants: [DesiredAssistant]) {
        self.owner = owner
        self.assistants = assistants
    }
}

extension DesiredState {
    /// The names of fields beyond the protocol that any spec sets.
    package var furtherNames: Set<String> {
        Set(assistants.flatMap { $0.fields[.extra]?.object?.keys ?? [] })
    }
}
