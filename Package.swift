// swift-tools-version: 6.2
import PackageDescription

/// What `packaging/build` tells: of the commit, of which `muster --version` says "unknown" where nobody did, and where the part of
/// ICU's data is that is linked in place of all of it.
let stamp: [CSetting] = ["MUSTER_COMMIT", "MUSTER_DATE", "MUSTER_ICU_SYMBOL", "MUSTER_ICU_DATA"].compactMap { name in
    Context.environment[name].map { .define(name, to: "\"\($0)\"") }
}

/// What each target may import of ours. `style-examples` section 5 is the table; an import that is missing here does
/// not compile (`MemberImportVisibility`) or fails `.ci/run` (`--explicit-target-dependency-import-check error`).
let package = Package(
    name: "muster",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "muster", targets: ["muster"])],
    dependencies: [
        // The command tree, help texts, shell completion and usage errors.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // HTTP/1.1 client with pooling, deadlines and streamed bodies; the only way out to a server.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
        // AsyncHTTPClient hands out NIO's buffers and header types, which its users must name.
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        // AsyncHTTPClient throws these packages' errors, which its users must name to tell a certificate that is not
        // trusted, or an answer compressed beyond its limit, from a lost connection. Both are built for it anyway.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.26.0"),
        // The local server: router, request decoding, streamed responses.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0"),
        // Hummingbird hands out these header and status types, which its users must name.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        // The local server's storage: SQLite with migrations and a pool that serialises writes.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.8.0"),
        // The local server's graceful stop, shared with Hummingbird; signals of commands.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
        // Logging interface of the client and the local server.
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        // Ordered dictionaries: JSON Schemas reach the model in the order in which their author wrote them.
        .package(url: "https://github.com/apple/swift-collections", from: "1.2.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]
        ),
        // Regular expressions with JavaScript's meaning and bounds in steps and memory, which Swift's own lack.
        .systemLibrary(
            name: "CPCRE2",
            pkgConfig: "libpcre2-8",
            providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]
        ),
        // What only the build of a release knows. C, because a value can be defined there.
        .target(name: "CBuildStamp", cSettings: stamp),
        // SHA-256 for digests of fields, plans and files. What Swift has for it compiles four hundred files more.
        .systemLibrary(
            name: "CMessageDigest",
            pkgConfig: "libmd",
            providers: [.apt(["libmd-dev"]), .brew(["libmd"])]
        ),
        .target(name: "Diagnostics"),
        // Equality of what users wrote, by Unicode scalars, and how addresses write it: in one place.
        .target(name: "Texts"),
        // One function per output kind that makes text of others visible and harmless.
        .target(name: "TextSafety"),
        .target(
            name: "JSONModel",
            dependencies: ["Texts", .product(name: "OrderedCollections", package: "swift-collections")]
        ),
        // The one runner of other programs. No library: swift-subprocess 1.0 ends this process when a child does not
        // read its input (its issue 367), refuses paths as names, and leaves descendants behind.
        .target(name: "Processes", dependencies: ["TextSafety"]),
        .target(name: "Patterns", dependencies: ["CPCRE2"]),
        // JSON Schema and JSON paths: one of each for tests, contracts of functions, and the local server.
        .target(name: "JSONRules", dependencies: ["JSONModel", "Patterns"]),
        .target(name: "YAMLSyntax", dependencies: ["CLibYAML", "Diagnostics", "Texts"]),
        // What a command leaves on the disk: whole files, and locks between processes.
        .target(name: "Files"),
        .target(name: "States", dependencies: ["JSONModel", "Texts"]),
        .target(
            name: "Specs",
            dependencies: ["YAMLSyntax", "Diagnostics", "JSONModel", "JSONRules", "Patterns", "States", "Texts"]
        ),
        // What git keeps: the files of a revision, read by running git.
        .target(name: "Revisions", dependencies: ["Processes", "Specs"]),
        .target(name: "AssistantsAPI", dependencies: ["JSONModel"]),
        // What keeps AsyncHTTPClient from ending the process, for everybody who uses it.
        .target(
            name: "HTTPGuard",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .target(
            name: "AssistantsClient",
            dependencies: [
                "AssistantsAPI", "HTTPGuard", "JSONModel", "TextSafety", "Texts",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(name: "Planning", dependencies: ["States", "JSONModel", "Texts"]),
        // What applies, tests and examinations have come to, as values; how they look is Reporting's business.
        .target(name: "Reports", dependencies: ["Diagnostics", "States"]),
        .target(
            name: "Reporting",
            dependencies: ["Planning", "Reports", "States", "Diagnostics", "JSONModel", "TextSafety"]),
        .target(
            name: "Reconciling",
            dependencies: [
                "CMessageDigest", "States", "AssistantsAPI", "AssistantsClient", "Files", "JSONModel", "Planning",
                "Reports", "Texts",
            ]
        ),
        .target(
            name: "Harness",
            dependencies: [
                "Specs", "AssistantsAPI", "AssistantsClient", "JSONModel", "JSONRules", "Patterns", "Processes",
                "Reports", "TextSafety",
            ]
        ),
        // The local server without server and storage: what runs do, what the model says, what a request may hold.
        .target(
            name: "EmulatorCore",
            dependencies: [
                "AssistantsAPI", "JSONModel", "Patterns", "TextSafety",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),
        .target(
            name: "Emulator",
            dependencies: [
                "AssistantsAPI", "EmulatorCore", "HTTPGuard", "JSONModel", "JSONRules", "Processes", "TextSafety",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "Commands",
            dependencies: [
                "CBuildStamp", "Specs", "States", "AssistantsAPI", "AssistantsClient", "Planning", "Reconciling",
                "Reporting", "Reports", "Revisions", "Harness",
                "Emulator", "EmulatorCore", "Diagnostics", "Files", "JSONModel", "Patterns", "Processes", "TextSafety",
                "Texts", "YAMLSyntax",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(
            name: "muster",
            dependencies: ["Commands", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),

        // Marked text, snapshots, temporary folders: what several suites share.
        .target(
            name: "TestSupport", dependencies: ["Diagnostics", "States"], path: "Tests/TestSupport",
            // A program in another language, run by the tests.
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "TextSafetyTests", dependencies: ["TextSafety", "TestSupport"]),
        .testTarget(name: "TextsTests", dependencies: ["Texts", "TestSupport"]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics", "TestSupport"]),
        .testTarget(name: "ProcessesTests", dependencies: ["Processes", "TestSupport"]),
        .testTarget(name: "JSONModelTests", dependencies: ["JSONModel", "TestSupport"]),
        .testTarget(name: "PatternsTests", dependencies: ["Patterns", "TestSupport"]),
        .testTarget(name: "JSONRulesTests", dependencies: ["JSONRules", "JSONModel", "TestSupport"]),
        .testTarget(name: "YAMLSyntaxTests", dependencies: ["YAMLSyntax", "Diagnostics", "TestSupport"]),
        .testTarget(name: "SpecsTests", dependencies: ["Specs", "States", "JSONModel", "Diagnostics", "TestSupport"]),
        .testTarget(name: "AssistantsAPITests", dependencies: ["AssistantsAPI", "JSONModel", "TestSupport"]),
        .testTarget(
            name: "AssistantsClientTests",
            dependencies: [
                "AssistantsClient", "AssistantsAPI", "JSONModel", "TestSupport", "TextSafety",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .testTarget(name: "PlanningTests", dependencies: ["Planning", "States", "JSONModel", "TestSupport"]),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "Reporting", "Reports", "Planning", "States", "JSONModel", "JSONRules", "Diagnostics", "TestSupport",
                "TextSafety",
            ],
            // Recorded outputs, and programs in other languages that judge them.
            exclude: ["Fixtures", "Snapshots"]
        ),
        .testTarget(
            name: "ReconcilingTests",
            dependencies: [
                "Reconciling", "Planning", "Reporting", "Reports", "States", "AssistantsAPI", "AssistantsClient",
                "Files",
                "JSONModel",
                "Emulator",
                "TestSupport",
            ]
        ),
        .testTarget(
            name: "HarnessTests",
            dependencies: [
                "Harness", "Specs", "Reporting", "Reports", "Diagnostics", "AssistantsAPI", "AssistantsClient",
                "JSONModel",
                "JSONRules", "YAMLSyntax", "Emulator", "EmulatorCore", "TestSupport", "TextSafety",
            ],
            // Programs in other languages, run by the tests.
            exclude: ["Fixtures"]
        ),
        // Mutated inputs for everything that reads what others wrote.
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "AssistantsAPI", "AssistantsClient", "Diagnostics", "Emulator", "EmulatorCore", "JSONModel",
                "JSONRules",
                "Patterns",
                "Planning", "Reporting", "Reports", "Specs", "TestSupport", "YAMLSyntax",
            ],
            exclude: ["Corpus", "Seeds"]
        ),
        .testTarget(
            name: "EmulatorCoreTests", dependencies: ["EmulatorCore", "AssistantsAPI", "JSONModel", "TestSupport"]),
        .testTarget(
            name: "EmulatorTests",
            dependencies: [
                "Emulator", "EmulatorCore", "AssistantsAPI", "JSONModel", "Processes", "TestSupport", "TextSafety",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            // Programs in other languages, run by the tests.
            exclude: ["Fixtures"]
        ),
        // The manual, the command line, and every example in the documents.
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "Diagnostics", "JSONModel", "JSONRules", "Specs", "TestSupport", "YAMLSyntax",
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "AssistantsAPI", "AssistantsClient", "Emulator", "EmulatorCore", "JSONModel", "States", "TestSupport",
                "muster",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            // Programs in other languages, run by the tests, and recorded screens.
            exclude: ["Fixtures", "Snapshots"]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
