import AsyncHTTPClient
import JSONModel
import NIOCore
import NIOHTTP1
import Testing

/// An event stream as a test sees it: names and data, in order.
struct RecordedStream: Sendable {
    struct Record: Sendable {
        let name: String
        let data: JSONValue
    }

    let records: [Record]

    /// The names, a repeated one only once, with the protocol's prefixes shortened.
    var outline: [String] {
        var outline: [String] = []
        for record in records {
            let name = record.name.replacing("thread.run.step", with: "step").replacing("thread.run", with: "run")
                .replacing("thread.message", with: "msg")
            if outline.last != name { outline.append(name) }
        }
        return outline
    }

    func data(of name: String) -> [JSONValue] {
        records.filter { $0.name == name }.map(\.data)
    }

    /// The text that the deltas make.
    var text: String {
        data(of: "thread.message.delta").compactMap { $0["delta"]?["content"]?[0]?["text"]?["value"]?.string }.joined()
    }

    /// The arguments that the deltas of one call make.
    func arguments(of index: Int) -> String {
        data(of: "thread.run.step.delta").compactMap { $0["delta"]?["step_details"]?["tool_calls"]?[0] }
            .filter { $0["index"]?.int == index }.compactMap { $0["function"]?["arguments"]?.string }.joined()
    }

    init(_ text: String) {
        records = text.split(separator: "\n\n").compactMap { record in
            let lines = record.split(separator: "\n")
            guard let name = lines.first(where: { $0.hasPrefix("event: ") })?.dropFirst(7),
                let data = lines.first(where: { $0.hasPrefix("data: ") })?.dropFirst(6)
            else { return nil }
            // What is no JSON is the text of `done`.
            let json = (try? JSONValue(parsing: String(data))) ?? .string(String(data))  // the text of done
            return Record(name: String(name), data: json)
        }
    }
}

extension EmulatorClient {
    /// Posts a request that is answered by a stream, and reads it to its end.
    func stream(_ path: String, _ body: JSONObject) async throws -> RecordedStream {
        var streamed = body
        streamed["stream"] = true
        let answer = try await post(path, .object(streamed))
        #expect(answer.headers.first(name: "content-type")?.hasPrefix("text/event-stream") == true, "\(answer.text)")
        return RecordedStream(answer.text)
    }
}
