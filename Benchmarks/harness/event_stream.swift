// Measures the event-stream parser alone; built together with its source by event_stream.sh.
@main
enum EventStreamBenchmark {
    /// A stream like those of long answers: 400,000 deltas of a few words each, 120 MB.
    private static let stream: [UInt8] = {
        let delta = """
            event: thread.message.delta
            data: {"id":"msg_0123456789abcdefghijklmn","object":"thread.message.delta","delta":{"content":[{"index":0,\
            "type":"text","text":{"value":"ein paar Wörter, 幾個字, and some more words that a model might say ","annotations":[]\
            }}]},"created_at":1700000000,"thread_id":"thread_0123456789abcdefghijklmn","run_id":"run_0123456789"}


            """
        return Array(repeatElement(Array(delta.utf8), count: 400_000).joined())
    }()

    static func main() throws {
        for size in [256, 16_384, 1 << 20] {
            var parser = EventParser()
            var events = 0
            let clock = ContinuousClock()
            let time = try clock.measure {
                var start = 0
                while start < stream.count {
                    let end = min(start + size, stream.count)
                    events += try parser.feed(Array(stream[start..<end])).count
                    start = end
                }
            }
            let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
            print("chunks of \(size) bytes: \(Int(Double(stream.count) / 1e6 / seconds)) MB/s, \(events) events")
        }
    }
}
