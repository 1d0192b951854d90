#if os(Linux)
    import Foundation
    import Processes
    import TestSupport
    import Testing

    /// Nobody is left over when a program is ended, however it hides its children.
    @Suite(.timeLimit(.minutes(1)))
    struct DescendantsTests {
        /// Whether a process runs whose arguments hold this text.
        private func isRunning(_ mark: String) throws -> Bool {
            let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
            return names.contains { name in
                let data = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
                return String(decoding: data, as: UTF8.self).split(separator: "\0").contains { $0 == mark }
            }
        }

        /// A number of seconds that no other process sleeps.
        private func unique() -> String { "\(Int.random(in: 1_000_000...900_000_000))" }

        @Test(arguments: [
            "sleep @", "sleep @ & wait", "(sleep @ &); sleep @", "setsid sleep @ & wait", "(setsid sleep @ &); sleep @",
            "trap '' TERM HUP INT; sleep @ & sleep @", "setsid sh -c 'setsid sleep @ & sleep @' & wait",
        ])
        func limitEndsEverybody(script: String) async throws {
            let number = unique()
            let program = Program(
                ["sh", "-c", script.replacing("@", with: number)], timeout: .milliseconds(500))
            guard case .failure(let failure) = await program.run() else {
                Issue.record("it counts as a success")
                return
            }
            #expect(failure.reason == .timedOut(.milliseconds(500)))
            #expect(failure.description == "it took longer than 500 ms")
            #expect(try !isRunning(number))
        }

        @Test(arguments: ["echo said; sleep @ &", "echo said; (setsid sleep @ &)"])
        func childThatHoldsThePipeDelaysNobody(script: String) async throws {
            let number = unique()
            let program = Program(["sh", "-c", script.replacing("@", with: number)], timeout: .seconds(50))
            #expect(try await program.run().get().text == "said\n")
            #expect(try !isRunning(number))
        }

        @Test func setupMayLeaveAServer() async throws {
            let number = unique()
            var program = Program(
                ["sh", "-c", "sleep \(number) >/dev/null 2>&1 & echo $!"], timeout: .seconds(50))
            program.mayLeaveChildren = true
            let pid = try await program.run().get().text.trimmingCharacters(in: .newlines)
            #expect(try isRunning(number))
            _ = await Program(["kill", "-9", pid], timeout: .seconds(50)).run()
        }

        @Test func manyAtOnceEndWithoutTrouble() async throws {
            let number = unique()
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let task = Task {
                            await Program(["sh", "-c", "sleep \(number) & cat"], timeout: .milliseconds(50 + index))
                                .run()
                        }
                        if index % 3 == 0 { task.cancel() }
                        _ = await task.value
                    }
                }
            }
            #expect(try !isRunning(number))
        }
    }
#endif
