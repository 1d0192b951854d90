/// Which of two answers to the same question a judge prefers, asked in both orders.
package enum Preference: Hashable, Sendable {
    case proposed
    case deployed
    /// The judge says so, or prefers whichever it sees first.
    case tie
    /// The judge gave no answer that can be used.
    case unknown(String)

    /// What a judge said of one order.
    package enum Choice: Sendable {
        case first, second, neither
    }

    /// What both orders come to.
    ///
    /// - Parameters:
    ///   - deployedFirst: what was chosen when the deployed assistant's answer stood first.
    ///   - proposedFirst: what was chosen when the proposed one's did.
    package init(deployedFirst: Choice, proposedFirst: Choice) {
        self =
            switch (deployedFirst, proposedFirst) {
            case (.second, .first): .proposed
            case (.first, .second): .deployed
            default: .tie
            }
    }
}

/// What a judge preferred over a whole preview.
package struct Preferences: Sendable {
    package let proposed: Int
    package let deployed: Int
    package let ties: Int
    /// Why the judge was of no use, once for each pair.
    package let unknown: [String]

    package init(_ all: [Preference]) {
        proposed = all.count { $0 == .proposed }
        deployed = all.count { $0 == .deployed }
        ties = all.count { $0 == .tie }
        unknown = all.compactMap { if case .unknown(let reason) = $0 { reason } else { nil } }
    }

    /// Pairs of which the judge said something that can be used.
    package var judged: Int { proposed + deployed + ties }

    /// The proposed side's share, ties counting half; nil where nothing was judged.
    package var share: Double? {
        judged == 0 ? nil : (Double(proposed) + Double(ties) / 2) / Double(judged)
    }

    /// Whether chance alone would hardly prefer one side so often; the sign test, which leaves ties out.
    package var isEvident: Bool {
        let (more, less) = (max(proposed, deployed), min(proposed, deployed))
        return Evidence.probability(only: more, against: less) <= Evidence.level / 2
    }
}
