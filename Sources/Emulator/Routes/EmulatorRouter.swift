import EmulatorCore
import Hummingbird
import JSONModel

/// All routes of the server, under every service's prefix, so that each client finds them whatever the flavor.
enum EmulatorRouter {
    private static let prefixes = EmulatorConfiguration.Flavor.allCases.map(\.prefix)

    static func build(_ core: EmulatorHost) -> Router<EmulatorContext> {
        let router = Router(context: EmulatorContext.self)
        router.add(middleware: ErrorMiddleware(core: core))
        router.add(middleware: AccessMiddleware(configuration: core.configuration))
        router.add(middleware: FlavorMiddleware(flavor: core.configuration.flavor))
        router.add(middleware: FaultMiddleware(store: core.store, gate: FaultGate(core.configuration.faults)))
        HomeRoutes(core: core).add(to: router)
        router.get("healthz") { _, _ in Response.json(["status": "ok"]) }
        for prefix in prefixes {
            let group = router.group(RouterPath(prefix))
            AssistantRoutes(core: core).add(to: group)
            ThreadRoutes(core: core).add(to: group)
            MessageRoutes(core: core).add(to: group)
            RunRoutes(core: core).add(to: group)
            StepRoutes(core: core).add(to: group)
            PluginRoutes(core: core).add(to: group)
            FileRoutes(core: core).add(to: group)
            VectorStoreRoutes(core: core).add(to: group)
            VectorStoreFileRoutes(core: core).add(to: group)
            for name in ["speech", "transcriptions", "translations"] {
                group.post(RouterPath("audio/\(name)")) { _, _ -> Response in throw APIError.noVoice }
            }
        }
        return router
    }

    /// A path without the prefix of any service, such as `/assistants`; nil for the pages outside the protocol.
    static func pathBelowBase(_ path: String) -> String? {
        for prefix in prefixes where path.hasPrefix("/\(prefix)/") {
            return String(path.dropFirst(prefix.count + 1))
        }
        return nil
    }
}

extension APIError {
    /// The one part of the protocol that is left out.
    fileprivate static var noVoice: APIError {
        APIError(
            status: .notImplemented, message: "The local server has no voice: /audio is left out.",
            code: "not_implemented")
    }
}
