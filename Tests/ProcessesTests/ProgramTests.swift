import Foundation
import Processes
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ProgramTests {
    private func shell(_ script: String, timeout: Duration = .seconds(30)) -> Program {
        Program(["sh", "-c", script], timeout: timeout)
    }

    private func reason(_ program: Program) async -> ProgramFailure.Reason? {
        if case .failure(let failure) = await program.run() { failure.reason } else { nil }
    }

    @Test func inputOfAnySizeComesBack() async throws {
        var program = Program(["cat"], timeout: .seconds(30), outputLimit: 8 << 20)
        program.input = Array(String(repeating: "巴黎 ", count: 400_000).utf8)
        #expect(try await program.run().get().bytes == program.input)
    }

    @Test(arguments: ["true", "exec 0<&-; echo done", "head -c 10 >/dev/null"])
    func inputThatIsNotReadIsNoFailure(script: String) async throws {
        var program = shell(script)
        program.input = [UInt8](repeating: 65, count: 3 << 20)
        _ = try await program.run().get()
    }

    @Test func failureTellsItsCodeAndWords() async throws {
        guard case .failure(let failure) = await shell("echo no such table >&2; exit 3").run() else {
            Issue.record("it counts as a success")
            return
        }
        #expect(failure.isOwnVerdict)
        #expect(failure.description == "it ended with exit code 3: no such table")
    }

    @Test func signalIsNoVerdict() async throws {
        guard case .failure(let failure) = await shell("kill -SEGV $$").run() else { return }
        #expect(failure.reason == .killed(signal: 11))
        #expect(!failure.isOwnVerdict)
    }

    @Test(arguments: ["yes", "yes & yes", "cat /dev/zero"])
    func floodEndsAtItsLimit(script: String) async throws {
        #expect(await reason(shell(script)) == .tooMuchOutput(limit: Program.standardOutputLimit))
    }

    @Test func errorsAreBoundedAndKeepBothEnds() async throws {
        let script =
            "echo first >&2; i=0; while [ $i -lt 5000 ]; do echo $i 123456789 >&2; i=$((i+1)); done; echo last >&2"
        let output = try await shell(script).run().get()
        #expect(output.diagnostics.hasPrefix("first"))
        #expect(output.diagnostics.hasSuffix("last\n"))
        #expect(output.diagnostics.utf8.count < 10_000)
    }

    @Test func textThatIsHostileIsInert() async throws {
        guard case .failure(let failure) = await shell(#"printf '\033[2J::error::x' >&2; exit 1"#).run() else { return }
        #expect(!failure.description.contains("\u{1B}"))
    }

    @Test func cancellationEndsTheProgram() async throws {
        let task = Task { await shell("sleep 1000").run() }
        task.cancel()
        guard case .failure(let failure) = await task.value else { return }
        #expect(failure.reason == .cancelled)
    }

    @Test func runsInTheFolderThatIsNamed() async throws {
        try await withTemporaryDirectory { folder in
            var program = shell("pwd -P")
            program.folder = folder.path(percentEncoded: false)
            let expected = folder.resolvingSymlinksInPath().path(percentEncoded: false)
            let shown = try await program.run().get().text.trimmingCharacters(in: .newlines)
            #expect(shown + "/" == expected || shown == expected)
        }
    }
}

/// How programs are named.
@Suite(.timeLimit(.minutes(1)))
struct ProgramPathTests {
    /// A file that another process writes: a program cannot be run while any process has it open for writing, and every
    /// child that is started meanwhile by another test has all that this process has open.
    private func file(_ name: String, _ text: String, mode: Int = 0o755, in folder: URL) async throws {
        let path = folder.appending(path: name).path(percentEncoded: false)
        let script = "mkdir -p \"$(dirname \"$0\")\" && cat > \"$0\" && chmod \(String(mode, radix: 8)) \"$0\""
        _ = try await Program(["sh", "-c", script, path], input: Array(text.utf8), timeout: .seconds(30)).run().get()
    }

    @Test(arguments: ["./tool.sh", "sub/../tool.sh", "ABSOLUTE"])
    func pathsAreFoundFromTheFolder(name: String) async throws {
        try await withTemporaryDirectory { folder in
            try await file("tool.sh", "#!/bin/sh\necho $1", in: folder)
            try await file("sub/x", "", in: folder)
            let path = folder.path(percentEncoded: false)
            let program = Program(
                [name == "ABSOLUTE" ? path + "/tool.sh" : name, "ran"], folder: path, timeout: .seconds(30))
            #expect(try await program.run().get().text == "ran\n")
        }
    }

    @Test func scriptWithoutInterpreterIsRunByTheShell() async throws {
        try await withTemporaryDirectory { folder in
            try await file("tool", "echo $1", in: folder)
            let program = Program(["./tool", "ran"], folder: folder.path(percentEncoded: false), timeout: .seconds(30))
            #expect(try await program.run().get().text == "ran\n")
        }
    }

    @Test(arguments: [
        ("no-such-program-anywhere", "there is no program \"no-such-program-anywhere\" on the PATH"),
        ("./missing.sh", "there is no program at ./missing.sh"), ("/", "there is no program at /"),
    ])
    func whatIsMissingIsNamed(name: String, sentence: String) async throws {
        guard case .failure(let failure) = await Program([name], timeout: .seconds(30)).run() else { return }
        #expect(failure.description == sentence)
        #expect(!failure.isOwnVerdict)
    }

    @Test func fileThatMayNotBeRunSaysSo() async throws {
        try await withTemporaryDirectory { folder in
            try await file("tool.sh", "#!/bin/sh\n", mode: 0o644, in: folder)
            let program = Program(["./tool.sh"], folder: folder.path(percentEncoded: false), timeout: .seconds(30))
            guard case .failure(let failure) = await program.run() else { return }
            #expect(failure.description == "it could not be started (Permission denied)")
        }
    }

    @Test func nothingToRunIsAFailure() async throws {
        guard case .failure = await Program([], timeout: .seconds(1)).run() else {
            Issue.record("nothing was run")
            return
        }
    }
}
