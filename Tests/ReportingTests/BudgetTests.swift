import JSONModel
import Planning
import Reporting
import States
import TestSupport
import Testing

/// The budget of a comment holds for any plan.
struct BudgetTests {
    private static func text(_ random: inout Chance) -> String {
        let word = HostileText.all.randomElement(using: &random) ?? ""
        return String(repeating: word + "\n", count: Int.random(in: 1...6, using: &random))
    }

    private static func plan(_ random: inout Chance) -> Plan {
        let count = [0, 1, 2, 5, 20, 60].randomElement(using: &random) ?? 1
        let changes = (0..<count).map { number -> AssistantChange in
            let action = AssistantChange.Action.allCases.randomElement(using: &random) ?? .update
            let fields = AssistantField.allCases.shuffled(using: &random).prefix(3).map { field in
                FieldChange(
                    field: field, before: .string(text(&random)), after: .string(text(&random)),
                    cause: [.change, .drift, .conflict].randomElement(using: &random) ?? .change)
            }
            return AssistantChange(
                key: "k-\(number)", action: action, id: AssistantID(text(&random)), fields: Array(fields),
                isProtected: true)
        }
        let notes = (0..<Int.random(in: 0...10, using: &random)).map { _ in
            PlanNote(.adoptable, key: "k", text(&random))
        }
        return Plan(
            owner: "p/e", environment: text(&random), changes: changes, unownedCount: 1, notes: notes)
    }

    @Test(arguments: 1...40)
    func randomPlansKeepAnyBudget(seed: Int) {
        var random = Chance(seed: UInt64(seed))
        let plan = Self.plan(&random)
        let budget = [3_000, 4_000, 10_000, 60_000].randomElement(using: &random) ?? 3_000
        let review = Review(plan, digest: "sha256:" + String(repeating: "0", count: 64), fullView: Self.text(&random))
        let text = ReviewMarkdown(budget: budget).text(review)
        #expect(text.unicodeScalars.count <= budget)
        // What others wrote never begins a line.
        let lines = text.split(separator: "\n")
        let sections = lines.count { $0.hasPrefix("<details>") }
        #expect(lines.count { $0 == "</details>" } == sections)
        let missing = review.items.count - sections
        #expect(missing == 0 || text.contains("\(missing) diff"), "what was cut is counted")
    }

    @Test(arguments: [1, 2, 10, 100, 1_000, 10_000])
    func plansOfAnySizeKeepTheDefaultBudget(count: Int) {
        let plan = count == 10_000 ? SamplePlans.tenThousand : SamplePlans.large(count)
        let review = Review(plan, digest: "sha256:0", fullView: "muster show plan.json --format html")
        let text = ReviewMarkdown().text(review)
        #expect(text.unicodeScalars.count <= 60_000)
        #expect(text.hasPrefix("<!-- muster plan support-bots/production -->\n"))
        #expect(text.contains("`muster show plan.json --format html` shows everything") == (count >= 1_000))
    }

    @Test func theLeastImportantIsCutFirst() {
        let rename = FieldChange(field: .name, before: "a", after: "b", cause: .change)
        var changes = (0..<400).map { SamplePlans.update(key: "edit-\($0)", [rename]) }
        changes.append(AssistantChange(key: "gone", action: .delete, id: "x", fields: [rename], isProtected: false))
        let drift = FieldChange(field: .model, before: "a", after: "b", cause: .drift)
        changes.append(SamplePlans.update(key: "drifted", [drift]))
        let review = Review(SamplePlans.plan(changes), digest: "sha256:0", fullView: "muster plan")
        let text = ReviewMarkdown(budget: 6_000).text(review)
        #expect(text.contains("<code>- gone</code>"))
        #expect(text.contains("<code>~ drifted</code>"))
        #expect(text.contains("| `-` | `gone` |"))
        #expect(!text.contains("edit-399"))
    }

    @Test func aLargeDiffIsShortenedBeforeItIsLeftOut() {
        let lines = (1...2_000).map { "Line \($0) of a long prompt, rewritten throughout." }
        let change = FieldChange(
            field: .instructions, before: .string(lines.joined(separator: "\n")),
            after: .string(lines.map { $0.uppercased() }.joined(separator: "\n")), cause: .change)
        let review = Review(
            SamplePlans.plan([SamplePlans.update([change])]), digest: "sha256:0", fullView: "muster plan")
        let text = ReviewMarkdown(budget: 10_000).text(review)
        #expect(text.contains("# (3990 more lines)"))
        #expect(text.contains("1 diff shortened"))
    }
}
