import JSONModel

extension AssistantsClient {
    /// Uploads a file.
    ///
    /// - Parameters:
    ///   - bytes: its contents.
    ///   - name: its name, by which models and citations know it; folders are left out.
    ///   - purpose: `assistants`, or `vision` for pictures. docs/protocol.md#files.
    /// - Returns: the file's id.
    /// - Throws: ``AssistantsError``. Never repeated once the server may have seen it.
    package func uploadFile(
        _ bytes: [UInt8], name: String, purpose: String
    ) async throws(AssistantsError) -> String {
        let form = MultipartForm(boundary: "muster-\(UInt64(random() * 0x1p63))-\(bytes.count)")
        let body = form.body(
            fields: [("purpose", purpose)], file: bytes,
            name: name.split(separator: "/").last.map(String.init) ?? "file")
        var call = Call(method: .post, path: ["files"], body: body, idempotent: false)
        call.contentType = form.contentType
        return try await identified(call)["id"]?.string ?? ""
    }

    /// Deletes a file. One that vanished while the request was repeated counts as deleted.
    ///
    /// - Parameter id: the file's id.
    /// - Throws: ``AssistantsError``.
    package func deleteFile(_ id: String) async throws(AssistantsError) {
        try await delete(.delete(["files", id]))
    }

    /// Reads a file itself.
    ///
    /// - Parameter id: the file's id.
    /// - Returns: its bytes.
    /// - Throws: ``AssistantsError``; servers do not give back what was uploaded for some purposes.
    package func fileContents(_ id: String) async throws(AssistantsError) -> [UInt8] {
        try await success(.get(["files", id, "content"])).response.body
    }

    /// Reads the name of a file.
    ///
    /// - Parameter id: the file's id.
    /// - Returns: nil when the server does not say.
    /// - Throws: ``AssistantsError``.
    package func fileName(_ id: String) async throws(AssistantsError) -> String? {
        try await identified(.get(["files", id]))["filename"]?.string
    }
}

/// A form with a file (RFC 7578).
struct MultipartForm {
    let boundary: String

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    func body(fields: [(name: String, value: String)], file: [UInt8], name: String) -> [UInt8] {
        head(fields: fields, name: name) + file + tail
    }

    /// What stands before the file's bytes.
    func head(fields: [(name: String, value: String)], name: String) -> [UInt8] {
        var body: [UInt8] = []
        for field in fields {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n".utf8
            body += "\(field.value)\r\n".utf8
        }
        body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; ".utf8
        body += "filename=\"\(Self.quoted(name))\"\r\nContent-Type: application/octet-stream\r\n\r\n".utf8
        return body
    }

    /// What stands behind them.
    var tail: [UInt8] { Array("\r\n--\(boundary)--\r\n".utf8) }

    /// As browsers write names (WHATWG HTML, multipart/form-data encoding).
    private static func quoted(_ name: String) -> String {
        // By scalars: to a String, CR and LF together are one character.
        name.unicodeScalars.map { scalar in
            switch scalar {
            case "\r": "%0D"
            case "\n": "%0A"
            case "\"": "%22"
            default: String(scalar)
            }
        }.joined()
    }
}
