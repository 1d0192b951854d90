import Files
package import Foundation
import States
import Synchronization

/// The ids of throw-away assistants that are, or may be, still on a server: one a line in a file under `.muster`, so that an
/// examination after one that was killed deletes what that one made, and nothing else.
package final class DoctorLeftovers: Sendable {
    private let file: URL?
    private let known: Mutex<[AssistantID]>

    /// - Parameter file: where they are kept; nil where there is no place, such as outside of a project.
    package init(file: URL?) {
        self.file = file
        let text = file.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? ""  // no file yet, nothing left
        known = Mutex(text.split(separator: "\n").compactMap { AssistantID(String($0)) })
    }

    var ids: [AssistantID] {
        known.withLock { $0 }
    }

    func remember(_ id: AssistantID) {
        change { $0.append(id) }
    }

    func forget(_ id: AssistantID) {
        change { $0.removeAll { $0 == id } }
    }

    private func change(_ change: (inout [AssistantID]) -> Void) {
        known.withLock { ids in
            change(&ids)
            guard let file else { return }
            let text = ids.map { "\($0.text)\n" }.joined()
            // A disk that refuses costs the sweep after a kill, not the examination.
            try? OutputFile.write(text.utf8, to: file.path(percentEncoded: false), isPrivate: true)
        }
    }
}
