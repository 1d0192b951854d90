package import Foundation

extension Pipe {
    /// The first line that a program writes, as soon as it is whole; what there is when the program ends before.
    package func firstLine() async -> String {
        var text = ""
        let (pieces, sender) = AsyncStream.makeStream(of: String.self)
        fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { sender.finish() } else { sender.yield(String(decoding: data, as: UTF8.self)) }
        }
        for await piece in pieces {
            text += piece
            if piece.contains("\n") { break }
        }
        fileHandleForReading.readabilityHandler = nil
        return text.split(separator: "\n").first.map(String.init) ?? ""
    }
}
