import AssistantsAPI
import JSONModel

/// What `/pluginapi` answers, function by function.
///
/// The file is JSON: `{"plugins": {"NAME": PLUGIN, …}}`. A plugin has one of `reply`, `command` and `url`; ``schema`` says what
/// they mean. A program's environment is the server's without variables that hold keys, unless `env` names them.
package struct PluginTable: Sendable {
    package struct Plugin: Equatable, Sendable {
        package enum Source: Equatable, Sendable {
            case canned(String, status: Int)
            /// A program, and the variables with keys that it is to have.
            case command([String], variables: Set<String>)
            case url(String, headers: [String: String])
        }

        package var source: Source
        package var timeout: Duration
    }

    private let plugins: [String: Plugin]

    /// No plugins: every function of an assistant answers with made-up results.
    package init() {
        plugins = [:]
    }

    /// Reads a plugins file.
    ///
    /// - Parameter text: the file.
    /// - Throws: ``SettingsError`` naming the first thing that is wrong.
    package init(parsing text: String) throws(SettingsError) {
        let file = try SettingsError.object(parsing: text, known: ["plugins"])
        guard let members = file["plugins"]?.object else { throw SettingsError("\"plugins\" must be an object") }
        var plugins: [String: Plugin] = [:]
        for (name, value) in members { plugins[name] = try Self.plugin(value, "plugins.\(name)") }
        self.plugins = plugins
    }

    package subscript(name: String) -> Plugin? {
        plugins[name]
    }

    private static func plugin(_ json: JSONValue, _ place: String) throws(SettingsError) -> Plugin {
        guard let object = json.object else { throw SettingsError("\(place) must be an object") }
        try SettingsError.check(object, known: Set(keys.keys), place: place)
        return Plugin(source: try source(object, place), timeout: .milliseconds(object["timeout_ms"]?.int ?? 30_000))
    }

    private static func source(_ object: JSONObject, _ place: String) throws(SettingsError) -> Plugin.Source {
        if let reply = object["reply"] {
            let status = object["status"]?.int ?? 200
            guard (200...599).contains(status) else { throw SettingsError("\(place).status must be 200 to 599") }
            return .canned(reply.string ?? reply.text(), status: status)
        }
        if let words = object["command"]?.array {
            let command = words.compactMap(\.string)
            guard command.count == words.count, !command.isEmpty else {
                throw SettingsError("\(place).command must be a list of texts")
            }
            return .command(command, variables: Set((object["env"]?.array ?? []).compactMap(\.string)))
        }
        guard let url = object["url"]?.string else {
            throw SettingsError("\(place) needs \"reply\", \"command\" or \"url\"")
        }
        guard let address = ServerAddress(url) else {
            throw SettingsError("\(place).url must be an http or https address")
        }
        let headers = (object["headers"]?.object ?? [:]).reduce(into: [:]) { $0[$1.key] = $1.value.string }
        // Headers are where keys go.
        guard headers.isEmpty || address.isSafe else {
            throw SettingsError("\(place): headers would travel unencrypted: use https, or an address of this machine")
        }
        return .url(url, headers: headers)
    }
}
