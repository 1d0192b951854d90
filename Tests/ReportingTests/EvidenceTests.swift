import Reports
import Testing

/// The statistics of previews.
struct EvidenceTests {
    /// Against scipy.stats.binomtest(wins, wins + losses, 0.5, alternative='greater').
    @Test(arguments: [
        (5, 0, 0.03125), (4, 0, 0.0625), (1, 0, 0.5), (0, 0, 1), (8, 1, 0.01953125), (3, 3, 0.65625), (0, 4, 1),
        (40, 20, 0.00674464686559593),
    ])
    func evidenceIsTheExactTest(wins: Int, losses: Int, chance: Double) {
        #expect(abs(Evidence.probability(only: wins, against: losses) - chance) < 1e-9)
    }
}
