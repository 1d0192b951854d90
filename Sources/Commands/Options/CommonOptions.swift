import ArgumentParser

/// What every command understands.
struct CommonOptions: ParsableArguments {
    enum Color: String, CaseIterable, ExpressibleByArgument {
        case auto, always, never
    }

    @Option(
        name: [.customShort("C", allowingJoined: false)], help: ArgumentHelp("The project's folder.", valueName: "dir"),
        completion: .directory)
    var directory: String?

    @Option(help: "When to use colours: auto, always or never.")
    var color = Color.auto

    @Flag(name: .shortAndLong, help: "Say nothing but results and errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Tell about every request.")
    var verbose = false
}

/// What every command that talks to a server understands.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The environment; the project's default_environment when left out.",
        completion: ProjectWords.environments)
    var env: String?

    @Option(
        name: .customLong("base-url"),
        help: ArgumentHelp("An ad-hoc environment; its key comes from MUSTER_API_KEY.", valueName: "url"))
    var baseURL: String?

    @Option(
        name: [.customShort("j"), .long],
        help: "Requests or tests at once, 1 to 64; the project's limits.parallelism when left out.")
    var parallelism: Int?

    @Option(help: "Seconds that one request may take.")
    var timeout: Int = 600

    func validate() throws {
        guard env == nil || baseURL == nil else { throw ValidationError("--env and --base-url exclude each other.") }
        guard (1...64).contains(parallelism ?? 1) else { throw ValidationError("--parallelism takes 1 to 64.") }
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout takes 1 to 86400 seconds.") }
    }
}
