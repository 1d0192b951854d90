import Foundation
import JSONModel
import Reporting
import Synchronization

/// Test reports as files.
enum ReportFiles {
    /// Writes every report that was asked for.
    ///
    /// - Throws: ``CommandFailure`` naming the file that cannot be written.
    static func write(_ report: TestReport, _ outputs: TestOutputs) throws {
        let files: [(String?, () -> String)] = [
            (outputs.junit, { TestReportJUnit.text(report) }), (outputs.json, { report.json.text(.pretty) + "\n" }),
            (outputs.markdown, { TestReportMarkdown.text(report) }), (outputs.tap, { TestReportTAP.text(report) }),
            (outputs.html, { TestReportHTML.text(report) }),
        ]
        for case (let path?, let text) in files { try write(text(), to: path) }
    }

    /// Writes a file, whole or not at all.
    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw CommandFailure(.failed, "the report cannot be written to \(path)")
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
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CommandFailure(.failed, "the report cannot be written to \(path)") }
        file = Mutex(handle)
    }

    func add(_ line: String) {
        file.withLock { file in
            try? file.write(contentsOf: Data((line + "\n").utf8))  // a full disk must not fail the tests themselves
        }
    }
}
