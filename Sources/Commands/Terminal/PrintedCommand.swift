/// Commands that people are told to type: with the folder and the environment of the one that is running, so that they work
/// where they are printed.
struct PrintedCommand {
    /// `-C` as it was typed.
    let directory: String?
    /// Which environment was meant; nil for a command that needs none.
    let server: ServerOptions?

    init(_ common: CommonOptions, _ server: ServerOptions? = nil) {
        directory = common.directory
        self.server = server
    }

    /// A command line.
    ///
    /// - Parameters:
    ///   - name: the command, such as `plan`.
    ///   - words: what follows the folder and the environment, not yet quoted.
    /// - Returns: words that a shell reads as they are meant.
    func text(_ name: String, _ words: [String] = []) -> String {
        text(name, words, server: server)
    }

    /// A command line of a command that knows no environment, such as `show`.
    func textWithoutServer(_ name: String, _ words: [String] = []) -> String {
        text(name, words, server: nil)
    }

    private func text(_ name: String, _ words: [String], server: ServerOptions?) -> String {
        let folder = directory.map { ["-C", $0] } ?? []
        let environment = server?.env.map { ["--env", $0] } ?? server?.baseURL.map { ["--base-url", $0] } ?? []
        return (["muster", name] + (folder + environment + words).map(ShellWord.quoted)).joined(separator: " ")
    }
}
