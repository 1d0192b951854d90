import EmulatorCore
import Hummingbird
import JSONModel
import NIOCore

/// Changes a request so that a correct server gives the answer of a faulty one.
struct RequestFaults {
    let faults: [Fault]
    /// The path below the base.
    let path: String
    let store: ObjectStore

    /// The changed request.
    ///
    /// - Throws: ``APIError`` when a fault refuses the request.
    func rewrite(_ request: Request) async throws -> Request {
        var request = try withQuery(request)
        if request.method == .post, faults.contains(where: Self.looksAtBody) {
            guard var body = try await request.jsonValue(optional: true).object else { return request }
            for fault in faults { try await apply(fault, to: &body) }
            request.body = RequestBody(buffer: ByteBuffer(string: JSONValue.object(body).text()))
        }
        return request
    }

    // MARK: Query

    private func withQuery(_ request: Request) throws -> Request {
        var items = (request.uri.query ?? "").split(separator: "&").map(String.init)
        let before = items
        func value(_ name: String) -> String? {
            items.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        func set(_ name: String, _ value: String?) {
            items.removeAll { $0.hasPrefix("\(name)=") }
            if let value { items.append("\(name)=\(value)") }
        }
        for fault in faults where request.method == .get {
            switch fault {
            case .listOrder(.swapped): set("order", value("order") == "asc" ? "desc" : "asc")
            case .cursor(.ignored): set("after", nil)
            case .cursor(.refused) where value("after") != nil:
                throw APIError.invalid("Invalid cursor.", parameter: "after")
            case .pageCap(let cap): set("limit", "\(min(value("limit").flatMap { Int($0) } ?? 20, cap))")
            case .limitRefused(let limit) where (value("limit").flatMap { Int($0) } ?? 0) > limit:
                throw APIError(status: .unprocessableContent, message: "limit must be at most \(limit)")
            default: break
            }
        }
        guard items != before else { return request }
        var head = request.head
        head.path = request.uri.path + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
        return Request(head: head, body: request.body)
    }

    // MARK: Body

    private static func looksAtBody(_ fault: Fault) -> Bool {
        switch fault {
        case .metadata, .nullIgnored, .modelRequired, .textLimit, .streamIgnored, .updateCreates,
            .instructionsRequired, .toolsIgnored:
            true
        default: false
        }
    }

    private func apply(_ fault: Fault, to body: inout JSONObject) async throws {
        switch fault {
        case .metadata(.dropped): body["metadata"] = nil
        case .metadata(.merged): try await mergeMetadata(&body)
        case .nullIgnored: body = body.filter { !$0.value.isNull }
        case .streamIgnored: body["stream"] = nil
        case .modelRequired where updatedAssistant != nil && body["model"] == nil:
            throw APIError(status: .unprocessableContent, message: "model: field required")
        case .updateCreates: try await createUpdated()
        case .instructionsRequired: try await requireInstructions(body)
        case .toolsIgnored where path.hasSuffix("/runs"): body["tools"] = []
        case .textLimit(let limit):
            let texts = ["name", "description", "instructions"].compactMap { body[$0]?.string }
            if texts.contains(where: { $0.unicodeScalars.count > limit }) {
                throw APIError(status: .unprocessableContent, message: "a text is longer than \(limit) characters")
            }
        default: break
        }
    }

    /// The id in `/assistants/{assistant_id}`.
    private var updatedAssistant: String? { FaultMiddleware.assistant(path) }

    private func createUpdated() async throws {
        guard let id = updatedAssistant else { return }
        try await store.write { table in
            guard try table.find(.assistant, id) == nil else { return }
            let assistant = AssistantRoutes.assistant(from: ["model": ""], id: id, at: unixNow())
            try table.insert(assistant, id: id, kind: .assistant)
        }
    }

    private func requireInstructions(_ body: JSONObject) async throws {
        guard path.hasSuffix("/runs"), body["instructions"]?.string == nil, let id = body["assistant_id"]?.string,
            let assistant = try await store.read({ try $0.find(.assistant, id) }),
            assistant["instructions"]?.string == nil
        else { return }
        throw APIError(status: .internalServerError, message: "Internal Server Error", type: "server_error")
    }

    private func mergeMetadata(_ body: inout JSONObject) async throws {
        guard let id = updatedAssistant, let given = body["metadata"]?.object else { return }
        var merged = try await store.read { try $0.find(.assistant, id) }?["metadata"]?.object ?? [:]
        merged.merge(given)
        body["metadata"] = .object(merged)
    }
}
