import ArgumentParser
import Files
import JSONModel
import Reporting
import States

/// How an apply ended, for `--report`: the file and the exit code come from one value, so they cannot disagree.
final class ApplyEnding {
    var document: ApplyDocument
    private let file: String?

    /// - Parameters:
    ///   - document: filled in as the apply goes on.
    ///   - file: where `--report` wants it; nil for nowhere.
    init(_ document: ApplyDocument, file: String?) {
        self.document = document
        self.file = file
    }

    /// Does the work, and writes the report whatever comes of it.
    ///
    /// - Throws: what `work` throws; ``OutputProblem`` when the report cannot be written.
    func reporting(_ work: (ApplyEnding) async throws -> Void) async throws {
        do {
            try await work(self)
        } catch {
            let (status, message) = Self.meaning(error)
            try write(exitCode: status, message)
            throw error
        }
        try write(exitCode: ExitStatus.done.rawValue, nil)
    }

    private static func meaning(_ error: any Error) -> (Int32, String?) {
        switch error {
        case let failure as CommandFailure: (failure.status.rawValue, failure.message)
        case let code as ExitCode: (code.rawValue, nil)
        default: (ExitStatus.failed.rawValue, "\(error)")
        }
    }

    private func write(exitCode: Int32, _ message: String?) throws {
        guard let file else { return }
        let json = RunSecrets.all.masking(document.json(exitCode: Int(exitCode), message: message))
        try OutputFile.write((json.text(.pretty) + "\n").utf8, to: file)
    }
}
