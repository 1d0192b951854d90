import ArgumentParser

/// Whether the files are somebody's proposal, which does not say where a key goes.
struct ProposalOptions: ParsableArguments {
    @Option(
        name: .customLong("trusted-base"),
        help: ArgumentHelp(
            "Take addresses, headers, keys' places and the judge from this revision: the files here are a proposal.",
            valueName: "revision"))
    var trustedBase: String?

    /// Opens the project, by the trusted revision where there is one.
    ///
    /// - Returns: the session, and the names of the settings by which a proposal would reach the environment otherwise.
    /// - Throws: ``CommandFailure``.
    func session(
        _ common: CommonOptions, _ server: ServerOptions, _ console: Console
    ) async throws -> (OpenedProject, differences: [String]) {
        guard let trustedBase else { return (try OpenedProject(common, server, console), []) }
        return try await OpenedProject.proposed(common, server, trusting: trustedBase, console)
    }
}
