package import JSONModel

/// One part of a message that a client sends. docs/protocol.md#messages.
package enum MessageInputPart: Equatable, Sendable {
    case text(String)
    /// An address that the server fetches, or a `data:` URL that holds the picture itself.
    case imageURL(String, detail: String? = nil)
    case imageFile(id: String, detail: String? = nil)

    package var json: JSONValue {
        switch self {
        case .text(let text):
            ["type": "text", "text": .string(text)]
        case .imageURL(let url, let detail):
            ["type": "image_url", "image_url": .object(Self.image("url", url, detail))]
        case .imageFile(let id, let detail):
            ["type": "image_file", "image_file": .object(Self.image("file_id", id, detail))]
        }
    }

    private static func image(_ key: String, _ value: String, _ detail: String?) -> JSONObject {
        var image: JSONObject = [key: .string(value)]
        if let detail { image["detail"] = .string(detail) }
        return image
    }
}

/// A file that goes with a message, and what may read it.
package struct MessageAttachment: Equatable, Sendable {
    package var fileID: String
    /// `file_search`, `code_interpreter` or both.
    package var tools: [String]

    package init(fileID: String, tools: [String]) {
        self.fileID = fileID
        self.tools = tools
    }

    package var json: JSONValue {
        ["file_id": .string(fileID), "tools": .array(tools.map { ["type": .string($0)] })]
    }
}

/// The body of `POST /threads/{id}/messages`.
package struct MessageRequest: Equatable, Sendable {
    package var role: String
    package var parts: [MessageInputPart]
    package var attachments: [MessageAttachment]

    package init(role: String = "user", parts: [MessageInputPart], attachments: [MessageAttachment] = []) {
        self.role = role
        self.parts = parts
        self.attachments = attachments
    }

    /// A single text goes out as a plain string, which every known server takes.
    package var json: JSONValue {
        var body: JSONObject = ["role": .string(role), "content": .array(parts.map(\.json))]
        if case .text(let text)? = parts.first, parts.count == 1 { body["content"] = .string(text) }
        if !attachments.isEmpty { body["attachments"] = .array(attachments.map(\.json)) }
        return .object(body)
    }
}

/// One part of a message that a server returned.
package enum MessagePart: Equatable, Sendable {
    case text(String)
    case image(reference: String)
    case refusal(String)
    /// A kind that the protocol does not know, by name.
    case unknown(String)

    package init(_ json: JSONValue) {
        let type = json["type"]?.string ?? ""
        switch type {
        case "text":
            // Stored text is {value, annotations}; some servers echo the plain string of the request.
            self = .text(json["text"]?["value"]?.string ?? json["text"]?.string ?? "")
        case "image_url": self = .image(reference: json["image_url"]?["url"]?.string ?? "")
        case "image_file": self = .image(reference: json["image_file"]?["file_id"]?.string ?? "")
        case "refusal": self = .refusal(json["refusal"]?.string ?? "")
        default: self = .unknown(type)
        }
    }
}

/// A message as a server returned it.
package struct Message: Sendable {
    package let id: String
    package let role: String
    package let runID: String?
    package let parts: [MessagePart]
    package let json: JSONValue

    /// Reads a message.
    ///
    /// - Parameter json: the object; nil is returned for one without an id.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.string else { return nil }
        self.id = id
        self.json = json
        role = json["role"]?.string ?? ""
        runID = json["run_id"]?.string
        parts = (json["content"]?.array ?? []).map(MessagePart.init)
    }

    /// All text parts, joined by line breaks; images and refusals are left out.
    package var text: String {
        parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    }

    /// Ids of the files that annotations of the text name, each once.
    package var citedFiles: [String] {
        let annotations = (json["content"]?.array ?? []).flatMap { $0["text"]?["annotations"]?.array ?? [] }
        let ids = annotations.compactMap { annotation in
            annotation["file_citation"]?["file_id"]?.string ?? annotation["file_path"]?["file_id"]?.string
        }
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }

    /// Addresses or file ids of its pictures.
    package var images: [String] {
        parts.compactMap { if case .image(let reference) = $0 { reference } else { nil } }
    }

    /// Ids of the files that come with it.
    package var attachedFiles: [String] {
        (json["attachments"]?.array ?? []).compactMap { $0["file_id"]?.string }
    }

    /// All refusal parts.
    package var refusals: [String] {
        parts.compactMap { if case .refusal(let text) = $0 { text } else { nil } }
    }
}
