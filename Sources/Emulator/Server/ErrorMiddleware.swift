import EmulatorCore
import GRDB
import HTTPTypes
import Hummingbird
import JSONModel
import Logging

/// Gives every request an id and every refusal its envelope, whatever threw it. docs/protocol.md#errors.
struct ErrorMiddleware: RouterMiddleware {
    let core: EmulatorHost

    func handle(
        _ request: Request, context: EmulatorContext,
        next: @concurrent (Request, EmulatorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = core.ids.makeRequest()
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(to: request, error, context)
        }
        let duration = ContinuousClock.now - start
        response.headers[.requestID] = context.requestID
        response.headers[.openaiProcessing] = "\(duration / .milliseconds(1))".prefixed(upTo: ".")
        if core.configuration.accessLog {
            core.configuration.writeAccessLog(AccessLog.line(request, response, context.requestID, duration))
        }
        return response
    }

    private func answer(to request: Request, _ error: any Error, _ context: EmulatorContext) -> Response {
        switch error {
        case let refusal as APIError:
            return answer(refusal)
        case let damaged as DamagedRecord:
            return answer(APIError(status: .internalServerError, message: damaged.description, type: "server_error"))
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL || error.resultCode == .SQLITE_IOERR:
            // Nothing of the request was stored: its transaction was undone.
            let message = "The storage is full or cannot be written; nothing was changed."
            return answer(APIError(status: .insufficientStorage, message: message, type: "server_error"))
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY:
            let message = "Another server on the same storage is busy; try again."
            return answer(APIError(status: .serviceUnavailable, message: message, type: "server_error"))
        case is ConnectionCut:
            return Response(status: .internalServerError)
        case let failure as HTTPError where failure.status == .notFound:
            let message = "Invalid URL (\(request.method.rawValue) \(request.uri.path.prefix(256)))"
            return answer(APIError(status: .notFound, message: message))
        case let failure as any HTTPResponseError:
            return answer(APIError(status: failure.status, message: failure.status.reasonPhrase))
        default:
            context.logger.error("request failed", metadata: ["error": "\(error)", "id": "\(context.requestID)"])
            return answer(
                APIError(
                    status: .internalServerError, message: "The server had an error while processing your request.",
                    type: "server_error"))
        }
    }

    private func answer(_ error: APIError) -> Response {
        if error.status == .unauthorized, core.configuration.flavor == .davinci {
            // DaVinci has its own words for this one status. docs/protocol.md#davinci.
            return .json(["msg": "login failed: no authorization provided"], status: .unauthorized)
        }
        return .json(error.json.text(), status: error.status)
    }
}

extension String {
    fileprivate func prefixed(upTo separator: Character) -> String {
        String(prefix { $0 != separator })
    }
}

extension HTTPResponse.Status {
    /// 507 of RFC 4918, section 11.5.
    fileprivate static var insufficientStorage: HTTPResponse.Status {
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
    }
}
