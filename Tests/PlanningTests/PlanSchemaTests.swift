import JSONModel
import Planning
import TestSupport
import Testing

/// The schemas that are published in `ci/policy` against the ones in the program.
/// `RECORD_SNAPSHOTS=1 swift test --filter PlanSchemaTests` writes them anew.
struct PlanSchemaTests {
    @Test(arguments: ["plan", "diff"])
    func thePublishedSchemaIsTheProgramsOwn(name: String) throws {
        let schema = name == "plan" ? PlanSchema.plan : PlanSchema.revisions
        try expectSnapshot(
            schema.text(.pretty) + "\n", "\(name).schema.json", folder: "../../ci/policy")
    }
}
