import EmulatorCore
import Hummingbird
import JSONModel
import NIOCore

/// What a service does to every request and every answer, whatever it is about.
struct FlavorMiddleware: RouterMiddleware {
    let flavor: EmulatorConfiguration.Flavor

    func handle(
        _ request: Request, context: EmulatorContext,
        next: @concurrent (Request, EmulatorContext) async throws -> Response
    ) async throws -> Response {
        guard EmulatorRouter.pathBelowBase(request.uri.path) != nil else { return try await next(request, context) }
        try flavor.check(version: request.query("api-version"))
        let response = try await next(request, context)
        guard flavor == .dashscope, response.headers[.contentType] == "application/json" else { return response }
        return try await shown(response, context)
    }

    private func shown(_ response: Response, _ context: EmulatorContext) async throws -> Response {
        let collector = BodyCollector()
        try await response.body.write(collector)
        guard let object = try JSONValue(parsing: collector.bytes.readableBytesView).object else { return response }
        var shown = Response.json(flavor.shown(object, requestID: context.requestID), status: response.status)
        for field in response.headers where field.name != .contentLength && field.name != .contentType {
            shown.headers.append(field)
        }
        return shown
    }
}

/// Takes a body that is in memory already.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        bytes.writeImmutableBuffer(buffer)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
