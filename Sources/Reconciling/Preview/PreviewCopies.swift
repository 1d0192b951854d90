import AssistantsAPI
package import AssistantsClient
import JSONModel
package import States

/// The throw-away copies of a preview on a server.
package struct PreviewCopies: Sendable {
    private let server: ManagedServer

    package init(server: ManagedServer) {
        self.server = server
    }

    /// Creates a copy of what an assistant would be after an apply.
    ///
    /// - Parameters:
    ///   - desired: the spec.
    ///   - deployed: what is there now, for fields that the spec leaves to the server; nil for a new assistant.
    ///   - mark: by which the copy is known again.
    /// - Returns: the copy's id.
    /// - Throws: ``AssistantsError``.
    package func create(
        _ desired: DesiredAssistant, over deployed: OwnedAssistant?, _ mark: PreviewMark
    ) async throws(AssistantsError) -> AssistantID {
        let created = try await server.client.createAssistant(Self.body(desired, over: deployed, mark))
        guard let id = created["id"]?.string.flatMap(AssistantID.init) else {
            throw AssistantsError(
                .unexpectedAnswer(missing: "a usable id"), request: "POST /assistants",
                server: server.client.server.name)
        }
        return id
    }

    /// The request that makes a copy.
    static func body(_ desired: DesiredAssistant, over deployed: OwnedAssistant?, _ mark: PreviewMark) -> JSONObject {
        var fields = desired.fields
        for field in desired.ignoredFields { fields[field] = deployed?.fields[field] ?? fields[field] }
        var body = JSONObject()
        for field in AssistantField.allCases where field != .metadata { field.write(fields[field], into: &body) }
        let name = fields[.name]?.string ?? desired.key.text
        body[AssistantField.name.rawValue] = .string(String(name.prefix(200)) + " (preview)")
        var pairs = Marks.removed(from: fields[.metadata]?.object ?? [:])
        pairs[PreviewMark.name] = .string(mark.text)
        body[AssistantField.metadata.rawValue] = .object(pairs)
        return body
    }

    /// Whether copies whose ids are not known can be found: there is a list, and marks stay on what is in it.
    package var canBeFound: Bool { server.traits.has(.list) && server.lock == nil }

    /// Copies of this owner on the server, whoever made them, as far as ``canBeFound``.
    ///
    /// - Returns: ids and marks.
    /// - Throws: ``AssistantsError``.
    package func all() async throws(AssistantsError) -> [(id: AssistantID, mark: PreviewMark)] {
        guard server.traits.has(.list) else { return [] }
        return try await server.allAssistants().items.compactMap { json in
            guard let id = json["id"]?.string.flatMap(AssistantID.init),
                let mark = PreviewMark(of: json), mark.owner == server.owner,
                server.observed(json)?.marks == nil
            else { return nil }
            return (id, mark)
        }
    }
}
