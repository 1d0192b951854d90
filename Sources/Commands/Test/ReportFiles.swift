import Files
import Foundation
import JSONModel
import Reporting
import Reports
import Synchronization

/// Test reports as files.
enum ReportFiles {
    /// Finds out before anything is asked whether every report can be written, and makes the folders that are missing.
    ///
    /// - Throws: ``CommandFailure`` naming the file that cannot be written.
    static func prepare(_ outputs: TestOutputs) throws {
        try prepare([outputs.junit, outputs.json, outputs.jsonl, outputs.markdown, outputs.tap, outputs.html])
    }

    /// Finds out whether files can be written, and makes the folders that are missing; nil is no file.
    ///
    /// - Throws: ``CommandFailure`` naming the file that cannot be written.
    static func prepare(_ files: [String?]) throws {
        let manager = FileManager.default
        for case let path? in files {
            let url = URL(filePath: path)
            let folder = url.deletingLastPathComponent()
            try? manager.createDirectory(at: folder, withIntermediateDirectories: true)  // looked at below
            var isFolder: ObjCBool = false
            let exists = manager.fileExists(atPath: url.path, isDirectory: &isFolder)
            let isGood = exists ? !isFolder.boolValue && manager.isWritableFile(atPath: url.path) : true
            // A file is replaced by a whole new one, so its folder must take it.
            var hasFolder: ObjCBool = false
            guard isGood, manager.fileExists(atPath: folder.path, isDirectory: &hasFolder), hasFolder.boolValue,
                manager.isWritableFile(atPath: folder.path)
            else {
                throw CommandFailure(.failed, "the report cannot be written to \(path)")
            }
        }
    }

    /// Writes every report that was asked for; one that fails does not lose the others.
    ///
    /// - Parameters:
    ///   - report: what came of the run.
    ///   - outputs: which reports.
    ///   - links: where files and the job are shown.
    /// - Throws: ``CommandFailure`` naming the files that cannot be written.
    static func write(_ report: TestReport, _ outputs: TestOutputs, links: HostLinks = .none) throws {
        let files: [(String?, () -> String)] = [
            (outputs.junit, { TestReportJUnit.text(report) }), (outputs.json, { report.json.text(.pretty) + "\n" }),
            (outputs.markdown, { TestReportMarkdown.text(report, links: links) }),
            (outputs.tap, { TestReportTAP.text(report) }),
            (outputs.html, { TestReportHTML.text(report) }),
        ]
        try write(files)
    }

    /// Writes every file that has a path; one that fails does not lose the others.
    ///
    /// - Parameter files: paths and what belongs there.
    /// - Throws: ``CommandFailure`` naming the files that cannot be written.
    static func write(_ files: [(String?, () -> String)]) throws {
        var problems: [CommandFailure] = []
        for case (let path?, let text) in files {
            do {
                try write(text(), to: path)
            } catch let problem as CommandFailure {
                problems.append(problem)
            }
        }
        guard let first = problems.first else { return }
        throw CommandFailure(first.status, problems.map(\.message).joined(separator: "; "), help: first.help)
    }

    /// Writes a file, whole or not at all.
    static func write(_ text: String, to path: String) throws {
        do throws(OutputProblem) {
            try OutputFile.write(text.utf8, to: path)
        } catch {
            throw CommandFailure(.failed, "the report cannot be written to \(path): \(error.reason)")
        }
    }

    /// Reads a JSON report.
    ///
    /// - Throws: ``CommandFailure`` for a file that is none.
    static func read(_ path: String) throws -> TestReport {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.failed, "the report \(path) cannot be read")
        }
        let json = try? JSONValue(parsing: Array(data))  // whatever is wrong with it, it is no report
        guard let report = json.flatMap(TestReport.init(json:)) else {
            throw CommandFailure(
                .failed, "\(path) is not a JSON report of muster test", help: "write one with --json FILE")
        }
        return report
    }
}

/// A file that gets a line whenever a test ends, so that a killed run has left what it had.
final class ReportLines: Sendable {
    private let file: Mutex<FileHandle>

    /// Begins an empty file.
    ///
    /// - Throws: ``CommandFailure`` when that is impossible.
    init(_ path: String) throws {
        try ReportFiles.write("", to: path)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw CommandFailure(.failed, "the report cannot be written to \(path)")
        }
        file = Mutex(handle)
    }

    func add(_ line: String) {
        file.withLock { file in
            try? file.write(contentsOf: Data((line + "\n").utf8))  // a full disk must not fail the tests themselves
        }
    }
}
