import AssistantsClient
import Foundation
import Planning
import Specs
import States

/// Shows how texts of stores differ, where the server gives back what was uploaded. Bounded, and never a reason to fail.
struct TextDifferences {
    let session: OpenedProject
    let client: AssistantsClient
    /// Files of one plan that are asked for.
    private static let mostFiles = 20
    /// Bytes of a text, before and after.
    private static let largest = 64 << 10

    /// Adds both texts to changed files.
    ///
    /// - Parameters:
    ///   - plan: gets the texts.
    ///   - notes: say where there are none.
    func add(to plan: inout KnowledgePlan, _ notes: inout [PlanNote]) async {
        var left = Self.mostFiles
        for store in plan.changes.indices {
            for place in plan.changes[store].files.indices {
                let file = plan.changes[store].files[place]
                guard case .changed = file.kind, let old = file.replaced, left > 0,
                    (file.bytesBefore ?? 0) <= Self.largest, (file.bytesAfter ?? 0) <= Self.largest,
                    let after = local(file.path)
                else { continue }
                left -= 1
                do {
                    let bytes = try await client.fileContents(old.text)
                    guard bytes.count <= Self.largest, let before = String(validating: bytes, as: UTF8.self) else {
                        continue
                    }
                    plan.changes[store].files[place].texts = KnowledgeFileChange.Texts(
                        before: session.secrets.masking(before), after: session.secrets.masking(after))
                } catch {
                    notes.append(
                        PlanNote(
                            .unseenText, key: nil,
                            "how texts differ is not shown, because the server does not give files back: \(error)"))
                    return
                }
            }
        }
    }

    private func local(_ path: String) -> String? {
        let full = session.root.appending(path: path).path(percentEncoded: false)
        // Gone meanwhile: there is nothing to show.
        guard let bytes = try? DiskFileSystem().read(full, limit: Self.largest), !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
