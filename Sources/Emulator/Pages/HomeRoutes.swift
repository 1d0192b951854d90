import EmulatorCore
import HTTPTypes
import Hummingbird
import JSONModel
import NIOCore
import TextSafety

/// The page at `/`, as HTML for browsers and as plain text for everything else.
struct HomeRoutes {
    let core: EmulatorHost

    /// Assistants on the page.
    private static let limit = 50

    func add(to router: Router<EmulatorContext>) {
        router.get("/", use: show)
    }

    @Sendable
    private func show(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let page = try await page(request)
        let wantsHTML = request.headers[.accept]?.contains("text/html") ?? false
        var response = Response(
            status: .ok,
            headers: [.contentType: wantsHTML ? "text/html; charset=utf-8" : "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: wantsHTML ? page.html : page.text)))
        response.headers[.contentSecurityPolicy] = HomePage.contentSecurityPolicy
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func page(_ request: Request) async throws -> HomePage {
        let configuration = core.configuration
        let needsKey = configuration.key != nil
        let (entries, total) = try await core.store.read { table in
            let page = try table.page(.assistant, PageQuery(limit: Self.limit, ascending: false))
            let small = page.items.compactMap { item in
                if case .text(let text) = item.body { (item.id, text) } else { nil }
            }
            return (try small.map(Self.entry), try table.count(.assistant))
        }
        return HomePage(
            baseURL: "http://\(request.head.authority ?? configuration.host)/\(configuration.flavor.prefix)",
            flavor: configuration.flavor,
            needsKey: needsKey,
            model: needsKey
                ? nil : configuration.upstream.map { "\($0.model ?? "any") at \($0.baseURL)" } ?? "deterministic",
            entries: needsKey ? [] : entries, total: needsKey ? 0 : total)
    }

    private static func entry(_ id: String, _ text: String) throws -> HomePage.Entry {
        let assistant = try JSONValue(parsing: text)
        let tools = (assistant["tools"]?.array ?? []).map { tool in
            tool["function"]?["name"]?.string ?? tool["type"]?.string ?? ""
        }
        return HomePage.Entry(
            id: id, name: assistant["name"]?.string ?? "(no name)", model: assistant["model"]?.string ?? "",
            instructions: assistant["instructions"]?.string ?? "", tools: tools)
    }
}

extension HomePage {
    /// The page for terminals.
    var text: String {
        var lines = ["Muster local server", "base URL: \(baseURL)", "key: \(needsKey ? "needed" : "none needed")"]
        lines.append("flavor: \(flavor.rawValue)")
        if let model { lines.append("model: \(InertText.visible(model))") }
        if !needsKey {
            lines.append("assistants: \(total)")
            lines += entries.map { "  \($0.id)  \(InertText.visible($0.name))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
