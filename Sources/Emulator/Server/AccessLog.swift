import Hummingbird

/// Lines that tell people what their program asked. Neither keys nor bodies nor query values are in them.
enum AccessLog {
    /// One request: status, method, path, duration and the id that the client was given.
    static func line(_ request: Request, _ response: Response, _ requestID: String, _ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        let rounded = (milliseconds * 10).rounded() / 10
        let path = visible(request.uri.path)
        return "\(response.status.code) \(request.method.rawValue) \(path) \(rounded) ms \(requestID)"
    }

    /// The path with control characters made visible, so that it cannot act on a terminal.
    private static func visible(_ path: String) -> String {
        String(
            path.prefix(512).unicodeScalars.map { scalar in
                scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                    ? "?" : Character(scalar)
            })
    }
}
