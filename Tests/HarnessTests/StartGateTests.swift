import Harness
import Reporting
import Reports
import Testing

struct StartGateTests {
    private let passed = TestReport.Case(name: "t", status: .passed)

    private func gate(_ parallelism: Int) -> StartGate {
        StartGate(TestRunner.Options(parallelism: parallelism))
    }

    @Test func letsOnlySoManyThrough() {
        var gate = gate(2)
        gate.start()
        #expect(gate.isOpen)
        gate.start()
        #expect(!gate.isOpen)
        gate.end(passed, turnedAway: 0, elapsed: .zero)
        #expect(gate.isOpen)
    }

    @Test func halvesItsPlacesOncePerBurst() {
        var gate = gate(16)
        gate.end(passed, turnedAway: 3, elapsed: .zero)
        #expect(gate.limit == 8)
        gate.end(passed, turnedAway: 5, elapsed: .zero)
        #expect(gate.limit == 8)
    }

    @Test func neverClosesForGood() {
        var gate = gate(4)
        for _ in 0..<50 { gate.end(passed, turnedAway: 1, elapsed: .zero) }
        #expect(gate.limit == 1)
    }

    @Test func earnsItsPlacesBack() {
        var gate = gate(4)
        gate.end(passed, turnedAway: 1, elapsed: .zero)
        #expect(gate.limit == 2)
        for _ in 0..<10 { gate.end(passed, turnedAway: 0, elapsed: .zero) }
        #expect(gate.limit == 4)
    }
}
