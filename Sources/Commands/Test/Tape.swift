import AssistantsClient
import Foundation
import JSONModel
import States

/// Whether the exchanges with servers are written down, or come from such a recording.
///
/// A recording holds paths, bodies and statuses, one exchange on each line, and no header of a request. Secrets are masked
/// by value in all of it, so it plays back also when they are others.
enum Tape {
    case none
    case record(@Sendable (RecordedExchange) -> Void)
    case replay([RecordedExchange])

    /// The tape of `--record` and `--replay`.
    ///
    /// - Throws: ``CommandFailure`` for a file that cannot be written, or is no recording.
    init(record: String?, replay: String?) throws {
        if let replay {
            self = .replay(try Self.read(replay))
        } else if let record {
            let lines = try ReportLines(record)
            self = .record { lines.add($0.json.text()) }
        } else {
            self = .none
        }
    }

    /// Takes the secrets of this run out of what is recorded, and out of what is looked for in a recording.
    static let mask: Masking = { RunSecrets.all.masking(body: $0) }

    var isReplay: Bool {
        if case .replay = self { true } else { false }
    }

    /// The time that the texts of tests show: on tapes it stands still, because what is sent must be found again.
    func clock() -> @Sendable () -> String {
        switch self {
        case .none: return Clocks.now
        case .record(let write):
            let now = Clocks.now()
            write(RecordedExchange(time: now))
            return { now }
        case .replay(let exchanges):
            let now = exchanges.lazy.compactMap(\.time).first ?? Clocks.now()
            return { now }
        }
    }

    private static func read(_ path: String) throws -> [RecordedExchange] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.failed, "the recording \(path) cannot be read")
        }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        return try lines.enumerated().map { index, line in
            let json = try? JSONValue(parsing: Array(line))  // whatever is wrong with it, it is no exchange
            guard let exchange = json.flatMap(RecordedExchange.init) else {
                throw CommandFailure(
                    .failed, "line \(index + 1) of \(path) is no recorded exchange",
                    help: "record one with --record FILE")
            }
            return exchange
        }
    }
}
