import TestSupport

/// A command that every secret goes through. `CanaryTests` sees to it that no command and no format is without a row.
struct CanaryStep {
    let words: [String]
    /// How it must end; nil where that is not the test's business.
    let status: Int32?
    /// What is done to the spec before it.
    let edit: (from: String, to: String)?

    init(_ words: [String], _ status: Int32? = nil, edit: (from: String, to: String)? = nil) {
        self.words = words
        self.status = status
        self.edit = edit
    }

    private static let digest = "sha256:" + String(repeating: "0", count: 64)
    private static let forms = ["text", "json", "markdown", "html"]
    private static let reports = [
        "--json", "r.json", "--jsonl", "r.jsonl", "--html", "r.html", "--junit", "r.xml", "--markdown", "r.md", "--tap",
        "r.tap",
    ]

    /// In order: each stands on what those before have left. They end with the assistant deployed by its second name.
    static let all = authoring + reviewing + applying + testing + previewing + owning

    /// Commands that cannot stand in the table: a server has tests of its own, and help knows no project.
    static let elsewhere: Set = ["serve", "help"]

    private static let authoring =
        [
            CanaryStep(["init", "-C", "../other", "other", "--ci", "github"], 0),
            CanaryStep(["schema", "--write"], 0), CanaryStep(["explain", "latency"], 0),
        ]
        + ["assistant", "project", "tools", "tests", "knowledge", "plan", "diff", "preview", "rules", "plugins"].map {
            CanaryStep(["schema", $0], 0)
        } + ["text", "json", "github", "sarif"].map { CanaryStep(["validate", "--format", $0], 0) }
        + [CanaryStep(["fmt"], 0), CanaryStep(["fmt", "--check"], 0)]

    private static let reviewing =
        forms.map { CanaryStep(["plan", "-v", "--format", $0], 0) }
        + [
            CanaryStep(["plan", "--out", "plan.json"], 0), CanaryStep(["plan", "--trusted-base", "HEAD", "-v"]),
            CanaryStep(["plan", "--full", "--color", "always", "-v"], 0),
        ] + forms.map { CanaryStep(["show", "plan.json", "--format", $0], 0) }
        + [
            CanaryStep(["review", "sign", digest, "--subject", "s"], 0),
            CanaryStep(["review", "verify", digest, String(repeating: "0", count: 64), "--subject", "s"], 3),
        ]

    private static let applying =
        [
            CanaryStep(["apply", "-v", "plan.json", "--report", "apply.json"], 0), CanaryStep(["plan", "-q"], 0),
            CanaryStep(["list", "--offline"], 3),
        ] + ["text", "json", "env"].map { CanaryStep(["list", "-v", "--format", $0], 0) }
        + ["text", "json"].map { CanaryStep(["doctor", "-v", "--format", $0]) }

    private static let testing =
        [
            CanaryStep(["test", "-v", "--record", "tape.jsonl", "--format", "github"] + reports, 4),
            CanaryStep(["test", "-v", "--stream", "--format", "text", "--baseline", "r.json"], 4),
            CanaryStep(["test", "--both", "--keep-threads", "all"], 4),
            CanaryStep(["test", "--replay", "tape.jsonl"], 4), CanaryStep(["test", "cleanup", "-v"], 0),
        ] + [CanaryStep(["report", "merge", "r.json"] + reports.map { $0.hasPrefix("r.") ? "merged-\($0)" : $0 })]
        + [
            CanaryStep(["ask", "bot", "Say it", "-v"]), CanaryStep(["ask", "bot", "Say it", "--json"]),
            CanaryStep(["chat", "bot", "-v"]),
        ]

    private static let previewReports = [
        "--json", "p.json", "--html", "p.html", "--junit", "p.xml", "--markdown", "p.md",
    ]

    private static let previewing =
        [
            CanaryStep(
                ["preview", "-v"] + previewReports,
                edit: ("name: one", "name: two"))
        ] + (forms + ["junit"]).map { CanaryStep(["preview", "--keep-threads", "all", "--format", $0]) }
        + forms.map { CanaryStep(["diff", "HEAD", "--format", $0], 0) }
        + [CanaryStep(["preview", "cleanup", "-v"], 0), CanaryStep(["preview", "cleanup", "--all"], 0)]

    private static let owning = [
        CanaryStep(["apply", "-v", "--auto-approve", "--test", "--rollback-on-failure"]),
        CanaryStep(["history", "-v"], 0), CanaryStep(["apply", "--auto-approve"]),
        CanaryStep(["rollback", "bot", "--auto-approve", "-v"], 0), CanaryStep(["pull", "-v"]),
        CanaryStep(["pull", "--drifted"]), CanaryStep(["apply", "--auto-approve"]),
    ]

    /// What takes an assistant from the project and back: `ID` stands for its id. No spec names its secrets then.
    static let adopting = [
        CanaryStep(["release", "bot", "-v"]), CanaryStep(["import", "ID", "--key", "found", "-v"]),
        CanaryStep(["pull", "--adopt", "-v"]), CanaryStep(["plan", "-v"]),
        CanaryStep(["destroy", "--auto-approve", "--allow-delete", "--report", "destroy.json"]),
        CanaryStep(["history", "-v"]),
    ]
}
