import ArgumentParser
import Emulator
import EmulatorCore
import Foundation
import Processes
import TextSafety

struct ServeCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the local server for other programs.",
        discussion: """
            Without --key any key is accepted, on loopback only. Several servers may share one store. \
            Ctrl-C lets open answers end; a second one does not.

            muster serve
            muster serve --port 8787 --store assistants.sqlite
            muster serve --rules rules.json --plugins plugins.json
            muster serve --fault cut=after,path=/assistants,method=POST,nth=3
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 8787

    @Option(
        help: ArgumentHelp("Where objects are kept: an SQLite file, or :memory:.", valueName: "file"),
        completion: .file())
    var store = ":memory:"

    @Option(help: "Whose habits to have: davinci, openai, foundry or dashscope.")
    var flavor = EmulatorConfiguration.Flavor.davinci

    @Option(
        help: "The key that requests must carry; other users of this machine can see it, so prefer --key-env.")
    var key: String?

    @Option(
        name: .customLong("key-env"),
        help: ArgumentHelp("The environment variable that holds the key which requests must carry.", valueName: "name"))
    var keyVariable: String?

    @Option(
        help: ArgumentHelp("What the deterministic model answers to certain words.", valueName: "file"),
        completion: .file())
    var rules: String?

    @Option(
        help: ArgumentHelp("What /pluginapi answers, function by function.", valueName: "file"),
        completion: .file())
    var plugins: String?

    @Option(
        help: ArgumentHelp(
            "Answer with a real model: the base address of a chat-completions server; its key in MUSTER_UPSTREAM_KEY.",
            valueName: "url"))
    var upstream: String?

    @Option(
        name: .customLong("upstream-model"), help: ArgumentHelp("The model to ask there.", valueName: "name"))
    var upstreamModel: String?

    @Option(
        help: ArgumentHelp(
            "Misbehave: NAME=VALUE with options after commas; may be repeated.",
            discussion: FaultPlan.names.joined(separator: ", "), valueName: "fault"))
    var fault: [String] = []

    @Flag(name: .customLong("access-log"), help: "Tell about every request on standard error.")
    var accessLog = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes 0 to 65535.") }
        guard key?.isEmpty != true else {
            throw ValidationError("--key is empty, which is no key; leave it out for none.")
        }
    }

    func execute(_ console: Console) async throws {
        let configuration = try configuration()
        let hint = configuration.key == nil ? "any key is accepted" : "with your key only"
        try await serveEmulator(configuration) { address in
            console.print("Serving the Assistants API at \(address) (\(hint)). Press Ctrl-C to stop.")
        }
    }
}

extension ServeCommand {
    private func configuration() throws -> EmulatorConfiguration {
        let environment = ProcessInfo.processInfo.environment
        var configuration = EmulatorConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.store = store == ":memory:" ? .memory : .file(store)
        configuration.flavor = flavor
        configuration.accessLog = accessLog
        configuration.key = key
        if let keyVariable {
            guard let key = environment[keyVariable] else {
                throw CommandFailure(.failed, "the environment variable \(keyVariable) is not set")
            }
            guard !key.isEmpty else {
                throw CommandFailure(.failed, "the environment variable \(keyVariable) is empty, which is no key")
            }
            // Plugins do not get it.
            KeyVariables.withhold([keyVariable])
            configuration.key = key
        }
        if let upstream {
            let key = environment["MUSTER_UPSTREAM_KEY"].flatMap { $0.isEmpty ? nil : Secret($0) }
            configuration.upstream = Upstream(baseURL: upstream, model: upstreamModel, key: key)
        }
        if let rules { configuration.rules = try Self.settings(rules) { try ModelRules(parsing: $0) } }
        if let plugins { configuration.plugins = try Self.settings(plugins) { try PluginTable(parsing: $0) } }
        do {
            configuration.faults = try FaultPlan(parsing: fault)
        } catch {
            throw CommandFailure(.failed, "--fault: \(error)")
        }
        return configuration
    }

    private static func settings<Settings>(_ path: String, _ parse: (String) throws -> Settings) throws -> Settings {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.failed, "the file \(path) cannot be read")
        }
        do {
            return try parse(String(decoding: data, as: UTF8.self))
        } catch {
            throw CommandFailure(.failed, "\(path): \(error)")
        }
    }
}

extension EmulatorConfiguration.Flavor: ExpressibleByArgument {}
