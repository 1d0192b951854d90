import JSONModel
import Planning
import Reporting
import States
import TestSupport
import Testing

/// Every renderer with a fixed set of plans. `RECORD_SNAPSHOTS=1 swift test --filter ReviewSnapshotTests` writes them
/// anew.
struct ReviewSnapshotTests {
    private static func review(_ plan: Plan) -> Review {
        Review(plan, digest: "sha256:0123", fullView: "muster show plan.json --format html")
    }

    private static let formats: [(ending: String, text: @Sendable (Review, Plan) -> String)] = [
        ("txt", { review, _ in PlanText(palette: .plain).text(review) }),
        (
            "color.txt",
            { review, _ in
                PlanText(palette: Palette(isColored: true)).text(review).replacing("\u{1B}", with: "␛")
            }
        ),
        ("md", { review, _ in ReviewMarkdown().text(review) }),
        ("html", { review, _ in ReviewHTML.text(review) }),
        ("json", { _, plan in PlanDocument.json(plan, digests: Digests { "\($0.count)" }).text(.pretty) + "\n" }),
    ]

    @Test(arguments: SamplePlans.all.map(\.name), formats.map(\.ending))
    func everyPlanInEveryFormat(name: String, ending: String) throws {
        let plan = try #require(SamplePlans.all.first { $0.name == name }?.plan)
        let format = try #require(Self.formats.first { $0.ending == ending })
        try expectSnapshot(format.text(Self.review(plan), plan), "plans/\(name).\(ending)")
    }

    /// Head and tail only: the whole would be megabytes.
    @Test(arguments: formats.map(\.ending))
    func tenThousandChanges(ending: String) throws {
        let plan = SamplePlans.tenThousand
        let format = try #require(Self.formats.first { $0.ending == ending })
        let text = format.text(Self.review(plan), plan)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.prefix(60) + ["… \(text.utf8.count) bytes in \(lines.count) lines …"] + lines.suffix(40)
        try expectSnapshot(shown.joined(separator: "\n"), "plans/large.\(ending)")
    }

    @Test func theSamePlanGivesTheSameBytes() {
        let review = Self.review(SamplePlans.large(50))
        #expect(PlanText(palette: .plain).text(review) == PlanText(palette: .plain).text(review))
        #expect(ReviewHTML.text(review) == ReviewHTML.text(review))
        #expect(ReviewMarkdown().text(review) == ReviewMarkdown().text(review))
    }
}
