/// What a preview lets pass at most, as `preview:` in `muster.yaml` says; nil where it does not say.
package struct PreviewThresholds: Equatable, Sendable {
    /// US dollars that an answer of the proposed assistants may cost on average; 0 or more.
    package var maximumCost: Double?
    /// How many times as long as the deployed assistants' answers those of the proposed ones may take on average; over 0.
    package var maximumLatencyRatio: Double?
    /// The share of answers that the judge must prefer on the proposed side, ties counting half; 0 to 1.
    package var minimumPreferred: Double?

    package init(
        maximumCost: Double? = nil, maximumLatencyRatio: Double? = nil, minimumPreferred: Double? = nil
    ) {
        self.maximumCost = maximumCost
        self.maximumLatencyRatio = maximumLatencyRatio
        self.minimumPreferred = minimumPreferred
    }
}
