import AssistantsClient
import Harness
import Reconciling
import Specs
import States

/// Takes away what killed commands left on a server: what their journals name, and copies of previews by their marks.
struct LeftoverSweep {
    let session: OpenedProject
    let client: AssistantsClient
    let parallelism: Int

    /// What came of a sweep.
    struct Outcome {
        var deleted: [Creation] = []
        /// What stays, and why.
        var failures: [(creation: Creation, reason: String)] = []
        /// A preview was cut off where copies without a known id cannot be looked for.
        var isBlind = false

        /// What nobody has looked at is said, never "nothing was left".
        var blindness: String? {
            isBlind
                ? "a preview was cut off, and this server shows no copy whose creation was not answered: look there "
                    + "for assistants named \u{201C}… (preview)\u{201D}" : nil
        }
    }

    /// The journals of killed commands against the environment.
    static func journals(_ session: OpenedProject) -> [AbandonedJournal] {
        AbandonedJournal.all(in: session.journals(of: session.environment.name))
    }

    /// Deletes what was left; a journal goes when nothing is left of it.
    ///
    /// - Parameters:
    ///   - journals: of killed commands.
    ///   - isOver: whether a copy that no journal knows may go, by its mark; nil to ask for no list.
    /// - Returns: what is gone and what stays.
    /// - Throws: an error of the client where the copies cannot be listed.
    func run(_ journals: [AbandonedJournal], copies isOver: ((PreviewMark) -> Bool)? = nil) async throws -> Outcome {
        let named = journals.flatMap(\.leftovers)
        let previews = Set(named.filter { $0.kind == .preview }.map(\.id))
        let copies = PreviewCopies(server: try session.server(client))
        var outcome = Outcome()
        outcome.isBlind = !previews.isEmpty && !copies.canBeFound
        var runs: [Creation: String] = [:]
        if isOver != nil || !previews.isEmpty {
            for copy in try await copies.all()
            where previews.contains(copy.mark.run) || isOver?(copy.mark) == true {
                runs[Creation(.assistant, copy.id.text)] = copy.mark.run
            }
        }
        let things = Set(named.filter { $0.kind != .preview } + runs.keys).sorted { $0.id < $1.id }
        let reasons = await things.concurrentlyMapped(atOnce: parallelism) { await delete($0) }
        for (thing, reason) in zip(things, reasons) {
            if let reason { outcome.failures.append((thing, reason)) } else { outcome.deleted.append(thing) }
        }
        let left = Set(outcome.failures.map(\.creation))
        let leftRuns = Set(left.compactMap { runs[$0] })
        for journal in journals
        where journal.leftovers.allSatisfy({ !left.contains($0) && !($0.kind == .preview && leftRuns.contains($0.id)) })
        {
            journal.remove()
        }
        return outcome
    }

    /// - Returns: why it stays; nil when it is gone.
    private func delete(_ creation: Creation) async -> String? {
        do throws(AssistantsError) {
            try await Sweep(client: client).delete(creation)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
