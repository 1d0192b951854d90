import Diagnostics
import YAMLSyntax

extension TestDecoder {
    /// Bytes of a picture: what the vision models of every known server take.
    private static let largestPicture = 20 << 20

    static let messageKeys = ["text", "image", "role", "user", "assistant", "attachments"]

    /// One item of `messages`: a text; `{text:}`, `{image:}` or both; `{user:}` or `{assistant:}` as a text.
    func message(_ node: YAMLNode) -> MessageSpec? {
        if node.pairs == nil {
            return text(node, "messages").map { MessageSpec(parts: [.text($0)]) }
        }
        guard let reader = ObjectReader(node, "a message", keys: Self.messageKeys, in: context) else { return nil }
        for role in ["user", "assistant"] {
            if let text = reader[role].flatMap({ text($0, role) }) {
                return MessageSpec(role: role, parts: [.text(text)], attachments: attachments(reader))
            }
        }
        let role = reader["role"].flatMap { context.word($0, "role", of: ["user", "assistant"]) } ?? "user"
        // Parts keep the order in which they are written: models read a question before or after its picture.
        let parts = (node.pairs ?? []).compactMap { pair -> MessageSpec.Part? in
            switch pair.name {
            case "text": text(pair.value, "text").map { .text($0) }
            case "image": image(pair.value)
            default: nil
            }
        }
        if parts.isEmpty, !context.hasProblem(in: node) {
            context.emit(.missingKey, "a message needs the key \"text\" or \"image\"", at: node.range)
        }
        return parts.isEmpty ? nil : MessageSpec(role: role, parts: parts, attachments: attachments(reader))
    }

    /// Files of the project, or maps of `file` or `file_id` and `tools`.
    private func attachments(_ reader: ObjectReader) -> [AttachmentSpec] {
        (reader.list("attachments") ?? []).compactMap { node in
            if node.pairs == nil { return context.string(node, "attachments").flatMap { attached($0.located) } }
            guard let map = ObjectReader(node, "an attachment", keys: ["file", "file_id", "tools"], in: context) else {
                return nil
            }
            let known = ["file_search", "code_interpreter"]
            let tools = (map.list("tools") ?? []).compactMap { context.word($0, "tools", of: known) }
            var attachment: AttachmentSpec?
            if let id = map.string("file_id") {
                attachment = AttachmentSpec(.uploaded(id: id.value))
            } else if let path = map.required("file").flatMap({ context.string($0, "file") }) {
                attachment = attached(path.located)
            }
            if !tools.isEmpty { attachment?.tools = tools }
            return attachment
        }
    }

    private func attached(_ path: Located<String>) -> AttachmentSpec? {
        context.sharedContents(of: path.value, at: path.range)
            .map { AttachmentSpec(.file(path: path.value, bytes: $0)) }
    }

    /// An address, a file of the project, or `{file_id:}` for a picture that the server has already.
    private func image(_ node: YAMLNode) -> MessageSpec.Part? {
        if node.pairs != nil {
            guard let reader = ObjectReader(node, "an image", keys: ["file_id", "url", "path"], in: context) else {
                return nil
            }
            if let id = reader.string("file_id") { return .imageFile(id: id.value) }
            if let url = reader.string("url") { return .imageURL(url.value) }
            return reader.required("path").flatMap { context.string($0, "path") }.flatMap { picture($0.located) }
        }
        guard let place = context.string(node, "image")?.located else { return nil }
        let isAddress = ["http://", "https://", "data:", "{{"].contains { place.value.hasPrefix($0) }
        return isAddress ? .imageURL(place.value) : picture(place)
    }

    private func picture(_ path: Located<String>) -> MessageSpec.Part? {
        context.sharedContents(of: path.value, at: path.range, limit: Self.largestPicture)
            .map { .image(path: path.value, bytes: $0) }
    }
}
