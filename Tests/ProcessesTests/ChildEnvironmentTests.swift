import Processes
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChildEnvironmentTests {
    @Test func keysAreNotPassedOn() {
        KeyVariables.withhold(["PROCESSES_TEST_SECRET"])
        #expect(KeyVariables.contains("PROCESSES_TEST_SECRET"))
        for name in ["MUSTER_API_KEY", "MUSTER_UPSTREAM_KEY"] { #expect(KeyVariables.contains(name)) }
        for name in ["PATH", "HOME", "MUSTER_LONG_TESTS"] { #expect(!KeyVariables.contains(name)) }
    }

    @Test func withheldVariableIsAbsentUnlessNamed() async throws {
        KeyVariables.withhold(["PATH_OF_KEY", "PWD"])
        #expect(ChildEnvironment.withoutKeys().variables["PWD"] == nil)
        #expect(ChildEnvironment.withoutKeys(except: ["PWD"]).variables["PWD"] != nil)
    }

    @Test func childSeesWhatItWasGiven() async throws {
        let environment = ChildEnvironment(exactly: ["PATH": "/usr/bin:/bin"]).adding(["A": "1"])
        let program = Program(["sh", "-c", "echo $A-$HOME-"], environment: environment, timeout: .seconds(30))
        #expect(try await program.run().get().text == "1--\n")
    }
}
