extension TestReport {
    /// The same report, whose texts from servers, models and tools have gone through `mask`: it may say what is secret.
    package func masked(by mask: (String) -> String) -> TestReport {
        var report = self
        report.server = mask(server)
        report.leakedThreads = leakedThreads.map(mask)
        for index in report.suites.indices {
            report.suites[index].assistantID = mask(suites[index].assistantID)
            report.suites[index].cases = suites[index].cases.map { $0.masked(by: mask) }
        }
        return report
    }
}

extension TestReport.Case {
    /// The same test, without what `mask` takes out.
    package func masked(by mask: (String) -> String) -> TestReport.Case {
        var test = self
        test.name = mask(name)
        test.failures = failures.map { failure in
            var failure = failure
            (failure.expected, failure.actual) = (mask(failure.expected), mask(failure.actual))
            return failure
        }
        test.reason = reason.map(mask)
        test.turns = turns.map { $0.masked(by: mask) }
        test.threadID = threadID.map(mask)
        test.notes = notes.map(mask)
        test.metadata = metadata.mapValues(mask)
        return test
    }
}

extension TestReport.Turn {
    fileprivate func masked(by mask: (String) -> String) -> TestReport.Turn {
        var turn = self
        turn.input = input.map(mask)
        turn.output = mask(output)
        turn.calls = calls.map { call in
            TestReport.Call(
                function: mask(call.function), arguments: mask(call.arguments), output: mask(call.output),
                problem: call.problem.map(mask))
        }
        (turn.runStatus, turn.runID) = (mask(runStatus), mask(runID))
        turn.inputImages = inputImages.map(mask)
        turn.outputImages = outputImages.map(mask)
        return turn
    }
}
