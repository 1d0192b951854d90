import JSONModel
import Specs

/// Assertions on the files and pictures of an answer.
enum FileAssertions {
    static func finding(_ check: AssertionCheck, _ turn: TurnResult) -> Finding {
        switch check {
        case .file(.attached, let wanted): names(wanted, "attaches", turn.answer.attachedFiles, turn)
        case .file(.cited, let wanted): names(wanted, "cites", turn.answer.citedFiles, turn)
        case .file(.searched, let wanted): search(wanted, turn)
        default:
            Finding(
                turn.answer.hasImage, claim: "holds an image", seen: turn.answer.hasImage ? "an image" : "no image")
        }
    }

    /// A file by its id or its name; any file when none is named.
    private static func names(_ wanted: String?, _ verb: String, _ files: [String], _ turn: TurnResult) -> Finding {
        if let wanted, wanted.contains("/"), !files.isEmpty, turn.filePaths == nil {
            return Finding(
                unknown: "the server does not say where in the project a file comes from",
                claim: "\(verb) the file \(wanted)")
        }
        let holds = wanted.map { turn.isThere($0, among: files) } ?? !files.isEmpty
        return Finding(
            holds, claim: "\(verb) \(wanted.map { "the file \($0)" } ?? "a file")",
            seen: Show.list(files.map(turn.shownFile)))
    }

    /// The run searched files and, with a value, found something in that one.
    private static func search(_ wanted: String?, _ turn: TurnResult) -> Finding {
        let claim = "searches files" + (wanted.map { " and finds \($0)" } ?? "")
        guard let steps = turn.steps else {
            return Finding(unknown: "the server does not tell the run's steps", claim: claim)
        }
        let calls = steps.flatMap { $0["step_details"]?["tool_calls"]?.array ?? [] }
        let searches = calls.filter { $0["type"]?.string == "file_search" }
        let found = searches.flatMap { $0["file_search"]?["results"]?.array ?? [] }
        let files = found.compactMap { $0["file_id"]?.string } + found.compactMap { $0["file_name"]?.string }
        if let wanted, wanted.contains("/"), !searches.isEmpty, turn.filePaths == nil {
            return Finding(
                unknown: "the server does not say where in the project a file comes from", claim: claim)
        }
        let holds = wanted.map { turn.isThere($0, among: files + turn.answer.citedFiles) } ?? !searches.isEmpty
        let seen = searches.isEmpty ? "no search" : "\(searches.count) searches; found \(Show.list(files))"
        return Finding(holds, claim: claim, seen: seen)
    }
}

extension TurnResult {
    /// Whether a file, named by its id or its name, is among some.
    fileprivate func isThere(_ wanted: String, among files: [String]) -> Bool {
        files.contains { file in
            let name = fileNames[file]
            return file == wanted || name == wanted || name.map(UploadedName.unmarked) == wanted
                || UploadedName.unmarked(file) == wanted || filePaths?[file] == wanted
        }
    }

    fileprivate func shownFile(_ id: String) -> String {
        (filePaths?[id] ?? fileNames[id]).map { "\($0) (\(id))" } ?? id
    }
}
