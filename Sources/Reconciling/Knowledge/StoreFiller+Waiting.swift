import AssistantsClient
import JSONModel
import Planning
import States

/// Waits for the server's indexing, and takes nothing for done that is not listed so.
extension StoreFiller {
    /// Waits until the server has indexed files, as long as patience lasts.
    func wait(for files: [(id: FileID, path: String)], in store: ObservedStore, _ result: inout Result) async throws {
        let paths = Dictionary(files.map { ($0.id, $0.path) }) { first, _ in first }
        let schedule = PollSchedule(first: .milliseconds(50), growth: 1.5, maximum: .seconds(2))
        var waited = Duration.zero
        for poll in 1... {
            // The short list first; where it says that nothing is going on, the whole one has to agree.
            var pending = try await inProgress(paths, in: store, status: "in_progress")
            if pending == 0 { pending = try await inProgress(paths, in: store, status: nil) }
            guard pending > 0 else { break }
            guard waited < applier.options.patience, !applier.shouldStop() else {
                let why =
                    applier.shouldStop()
                    ? "interrupted" : "the server has not indexed them in \(waited.components.seconds) seconds"
                result.problems.append(
                    "\(pending) \(pending == 1 ? "file is" : "files are") still in progress: \(why); apply again to go on "
                        + "waiting")
                return
            }
            applier.listen(.waiting(change.key, files: pending))
            let pause = schedule.pause(afterPoll: poll, hint: nil)
            try await applier.options.clock.sleep(for: pause)
            waited += pause
        }
        try await check(paths, in: store, &result)
    }

    private func inProgress(_ paths: [FileID: String], in store: ObservedStore, status: String?) async throws -> Int {
        try await client.allFiles(ofStore: store.id.text, status: status).items.count { entry in
            IndexState(entry) == .inProgress
                && entry["id"]?.string.flatMap(FileID.init).map { paths[$0] != nil } ?? false
        }
    }

    private func check(_ paths: [FileID: String], in store: ObservedStore, _ result: inout Result) async throws {
        var missing = paths
        for entry in try await client.allFiles(ofStore: store.id.text).items {
            guard let id = entry["id"]?.string.flatMap(FileID.init), let path = missing.removeValue(forKey: id) else {
                continue
            }
            switch IndexState(entry) {
            case .completed: continue
            case .failed(let reason): result.problems.append("\(path): indexing failed: \(reason)")
            case .inProgress: result.problems.append("\(path): it is still in progress")
            case .other(let word): result.problems.append("\(path): the server says \(word)")
            }
        }
        result.problems += missing.values.map { "\($0): the server does not list it in the store" }
    }
}
