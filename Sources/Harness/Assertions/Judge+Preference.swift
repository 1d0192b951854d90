package import Reports

extension Judge {
    /// Whether there is a model that can be asked.
    package var canCompare: Bool { ask != nil }

    /// Asks which of two answers is the better one, in both orders: models like what they see first, or last.
    ///
    /// - Parameters:
    ///   - question: what both were asked.
    ///   - deployed: one answer.
    ///   - proposed: the other.
    /// - Returns: the preference; a judge that contradicts itself between the orders sees no difference.
    package func preference(_ question: String, deployed: String, proposed: String) async -> Preference {
        guard let ask else { return .unknown("no judging model is set up") }
        do {
            let forwards = try await ask(
                JudgePrompt.preferenceRole, JudgePrompt.preference(question, first: deployed, second: proposed))
            let backwards = try await ask(
                JudgePrompt.preferenceRole, JudgePrompt.preference(question, first: proposed, second: deployed))
            return Preference(
                deployedFirst: try JudgeReply.choice(in: forwards), proposedFirst: try JudgeReply.choice(in: backwards))
        } catch let problem as JudgeReply.Problem {
            return .unknown("the judge \(problem.message)")
        } catch {
            return .unknown("the judge did not answer: \(error)")
        }
    }
}
