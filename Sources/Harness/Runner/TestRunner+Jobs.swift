import AssistantsClient
import Reports
import Specs

extension TestRunner {
    /// One test of one suite.
    struct Job {
        let suite: Int
        let assistant: String
        let contract: FunctionContract?
        let test: TestSpec
        let skip: String?
    }

    /// What came of one test, repetitions included.
    struct CaseOutcome {
        var report: TestReport.Case
        var leakedThreads: [String] = []
        var calledFunctions: Set<String> = []

        init(skipped test: TestSpec, _ reason: String) {
            report = TestReport.Case(
                name: test.name, status: .skipped, range: test.range, reason: reason, attempts: 0)
        }

        /// Takes in one repetition: what it shows is that of the last one that did not pass, else of the last.
        mutating func add(_ attempt: CaseRunner.Attempt, isFirst: Bool) {
            let duration = isFirst ? .zero : report.duration
            let tokens = TestReport.sum([report.tokens, attempt.report.tokens].compactMap { $0 })
            let cost = TestReport.sum([report.cost, attempt.report.cost].compactMap { $0 })
            if isFirst || attempt.report.status != .passed || report.status == .passed { report = attempt.report }
            report.duration = duration + attempt.report.duration
            (report.tokens, report.cost) = (tokens, cost)
            leakedThreads += attempt.leaks
            calledFunctions.formUnion(attempt.calledFunctions)
        }

        /// Says why a test that was cancelled has no verdict.
        mutating func endForTime() {
            guard report.reason == CaseRunner.interrupted else { return }
            report.reason = "Ended, because \(StartGate.outOfTime)."
        }

        /// An attempt that is an error leaves the whole test one, however many others passed.
        mutating func settle(_ repetitions: Repetitions) {
            guard repetitions.attempts > 0 else { return }
            report.attempts = repetitions.attempts
            report.passes = repetitions.passes
            if repetitions.verdict == true, report.status != .error { report.status = .passed }
        }
    }

    /// Runs jobs, as many at a time as the gate lets through; those of one serial group one after the other.
    ///
    /// - Parameters:
    ///   - jobs: all tests.
    ///   - watch: measures the whole run.
    ///   - started: is told each job that begins, by its index.
    ///   - ended: is told each outcome by the job's index.
    /// - Returns: why some jobs were not started; nil when all were.
    func runBounded(
        _ jobs: [Job], _ watch: Stopwatch, started: (Int) -> Void, ended: (Int, CaseOutcome) -> Void
    ) async -> String? {
        let turnedAway = TurnedAwayCounter()
        let client = client.observing { event in
            turnedAway.take(event)
        }
        var gate = StartGate(options)
        var (ready, successors) = Self.chains(jobs)
        var isOutOfTime = false
        await withTaskGroup(of: (Int, CaseOutcome)?.self) { group in
            func startMany() {
                while !Task.isCancelled, !isOutOfTime, gate.isOpen, let index = ready.popFirst() {
                    gate.start()
                    if jobs[index].skip == nil { started(index) }
                    group.addTask { (index, await outcome(of: jobs[index], client)) }
                }
            }
            if let limit = options.suiteTimeout { group.addTask { await Self.alarm(after: limit) } }
            startMany()
            while gate.isBusy, let next = await group.next() {
                guard case (let index, var outcome)? = next else {
                    isOutOfTime = true
                    group.cancelAll()
                    continue
                }
                if isOutOfTime { outcome.endForTime() }
                ended(index, outcome)
                if let next = successors.removeValue(forKey: index) { ready = [next] + ready }
                gate.end(outcome.report, turnedAway: turnedAway.reset(), elapsed: watch.elapsed)
                startMany()
            }
            group.cancelAll()
        }
        return isOutOfTime ? StartGate.outOfTime : gate.stopReason
    }

    /// Ends when the time of the whole run is up. Always in real time: it limits real work, also where tests let a clock
    /// of their own jump.
    private static func alarm(after limit: Duration) async -> (Int, CaseOutcome)? {
        try? await Task.sleep(for: limit)  // cancelled: every test has ended
        return nil
    }

    /// The jobs that may start at once, and for each job of a serial group the one that follows it.
    private static func chains(_ jobs: [Job]) -> (ready: ArraySlice<Int>, successors: [Int: Int]) {
        var ready: [Int] = []
        var successors: [Int: Int] = [:]
        var last: [String: Int] = [:]
        for (index, job) in jobs.enumerated() {
            guard let group = job.test.serialGroup, job.skip == nil else {
                ready.append(index)
                continue
            }
            if let previous = last[group] { successors[previous] = index } else { ready.append(index) }
            last[group] = index
        }
        return (ready[...], successors)
    }

    private func outcome(of job: Job, _ client: AssistantsClient) async -> CaseOutcome {
        if let reason = job.skip { return CaseOutcome(skipped: job.test, reason) }
        var repetitions = Repetitions(planned: job.test.repetitions, needed: job.test.minimumPasses)
        var outcome = CaseOutcome(skipped: job.test, "interrupted")
        while repetitions.verdict == nil, !Task.isCancelled {
            let attempt = await attempt(job, client)
            outcome.add(attempt, isFirst: repetitions.attempts == 0)
            repetitions.add(passed: attempt.report.status == .passed)
            if attempt.report.status == .error { break }
        }
        outcome.settle(repetitions)
        return outcome
    }

    private func attempt(_ job: Job, _ client: AssistantsClient) async -> CaseRunner.Attempt {
        func run(_ delivery: Conversation.Delivery) async -> CaseRunner.Attempt {
            var options = options
            // Only a stream shows when the text came.
            options.pace.delivery = job.test.needsStream ? .stream : delivery
            return await CaseRunner(
                client: client, assistant: job.assistant, contract: job.contract, options: options,
                surroundings: surroundings, clock: clock
            ).run(job.test)
        }
        guard options.comparesDeliveries, !job.test.needsStream else { return await run(options.pace.delivery) }
        return CaseRunner.Attempt.comparing(polled: await run(.poll), streamed: await run(.stream))
    }
}
