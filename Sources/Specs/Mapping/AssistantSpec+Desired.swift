package import States

extension AssistantSpec {
    /// The spec without its places: what planning compares.
    package var desired: DesiredAssistant {
        DesiredAssistant(
            key: key.value, fields: fields, preventDestroy: lifecycle.preventDestroy,
            ignoredFields: lifecycle.ignoredFields, movedFrom: movedFrom, secretFields: secretFields)
    }
}
