import JSONModel
import States

/// The schema of `muster.yaml`.
enum ProjectSchema {
    private typealias S = SpecSchema

    static var file: JSONObject {
        S.map(
            [
                "project": S.text("Marks everything that the project owns on a server."),
                "default_environment": S.text("The environment of commands without --env; local when left out."),
                "environments": S.mapOf(S.removable(.object(environment)), "Servers by name; local is built in."),
                "defaults": S.shared("fields", "Merged under every spec."),
                "limits": .object(
                    S.map([
                        "parallelism": S.integer("Requests at once; 8 when left out.", 1...64),
                        "max_deletes": S.integer(
                            "Deletions beyond which an apply stops before its first write; 3 when left out.", 0...10_000
                        ),
                    ]).merging(["description": "How much at once."])),
                "tests": .object(S.map(TestSchema.commons).merging(["description": "What all tests have in common."])),
                "judge": judge,
                "preview": .object(
                    S.map([
                        "max_cost": S.number("US dollars that a proposed answer may cost on average.", 0...1_000),
                        "max_latency_ratio": S.number(
                            "How many times as long as before answers may take on average.", 0...1_000),
                        "min_preferred": S.number("The share of answers that the judge must prefer.", 0...1),
                    ]).merging(["description": "What a preview lets pass at most."])),
                "dotenv": S.bool("Read variables from .env beside this file; those that are set win."),
                "specs": globs("Which YAML files are specs, such as bots/**; all that are nothing else when left out."),
                "exclude": globs("What is not looked at, such as docker-*.yml."),
                "prices": S.mapOf(
                    .object(
                        S.map(
                            ["prompt": dollars("read"), "completion": dollars("written")],
                            required: ["prompt", "completion"])),
                    "US dollars for a million tokens, by model; * stands for all others."),
            ], required: ["project"])
    }

    private static func globs(_ description: JSONValue) -> JSONValue {
        ["type": "array", "description": description, "items": ["type": "string"]]
    }

    private static func dollars(_ deed: String) -> JSONValue {
        S.number("US dollars for a million tokens that are \(deed).", 0...1_000_000)
    }

    private static var judge: JSONValue {
        .object(
            S.map([
                "base_url": S.text("A server of the chat-completions protocol."),
                "api_key": ["description": "Where its key is; never the key.", "anyOf": .array(keySources)],
                "auth_header": S.text("The header that carries the key."),
                "model": S.text("The model that judges."),
                "embedding_model": S.text("The model that compares, for similar."),
                "assistant": S.text("Instead of a server: an assistant of the project, by its key."),
                "votes": S.integer("How often the judge is asked; the majority decides.", 1...15),
                "options": [
                    "type": "object", "description": "Further fields of its requests, such as max_tokens.",
                ],
            ]).merging(["description": "Who judges what only a model can judge."]))
    }

    private static var environment: JSONObject {
        S.map([
            "base_url": S.text("Where the paths of the Assistants API begin."),
            "api_key": ["description": "Where the key is; never the key.", "anyOf": .array(keySources)],
            "auth_header": S.text("The header that carries the key, where it is not Authorization: Bearer."),
            "headers": S.mapOf(["$ref": "#/$defs/text"], "Sent with every request."),
            "query": S.mapOf(["$ref": "#/$defs/text"], "Parameters of every request, such as api-version."),
            "dialect": S.word(
                "Which differences of the protocol the server has.",
                of: EnvironmentSpec.Dialect.allCases.map(\.rawValue)),
            "proxy": proxy,
            "ca_file": S.text("Certificates in PEM that are trusted instead of this machine's authorities."),
            "client_certificate": S.text("The certificate, in PEM, that shows the server who we are."),
            "client_key": S.text("Its private key, in PEM; outside of the repository."),
            "overrides": S.shared("fields", "Merged over every spec in this environment."),
            "protected": S.bool("An apply needs a plan that was reviewed."),
            "images": S.word("How pictures of tests reach the server.", of: ["inline", "upload"]),
            "namespace": S.text("The second part of the ownership mark; the environment's name when left out."),
            "identity": S.word(
                "Where it is remembered what is the project's: in metadata, or in muster.lock.json.",
                of: ServerTraits.Identity.allCases.map(\.rawValue)),
            "missing_operations": [
                "type": "array", "description": "What the server cannot do; muster doctor finds out.",
                "items": ["enum": .array(ServerTraits.Operation.allCases.map { .string($0.rawValue) })],
            ],
            "paging": S.word(
                "How the list is read: from the oldest on, from both ends, or as one page that holds everything.",
                of: EnvironmentSpec.Paging.allCases.map(\.rawValue)),
        ])
    }

    private static let proxy: JSONValue = [
        "description": "The proxy that carries requests; none for no proxy; else what HTTPS_PROXY says.",
        "anyOf": [
            ["$ref": "#/$defs/text"],
            .object(
                S.map(
                    [
                        "server": S.text("Such as http://proxy.example:3128."),
                        "user": S.text("The name that the proxy knows."),
                        "password": S.text("From a variable or a file; never written out."),
                    ], required: ["server"])),
        ],
    ]

    private static let keySources: [JSONValue] = [
        .object(S.map(["env": S.text("An environment variable.")], required: ["env"])),
        .object(S.map(["file": S.text("A file.")], required: ["file"])),
        .object(S.map(["command": S.words("A program that prints the key.")], required: ["command"])),
    ]
}
