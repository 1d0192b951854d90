import Foundation
import TestSupport
import Testing

/// Mutated inputs for everything that reads what others wrote: none may end the process, hang, or take all memory.
///
/// A few of each in every run; `MUSTER_FUZZ_INPUTS=1000000` spreads as many over the targets. What an input does is
/// repeatable. The one under way is kept in the temporary folder (`muster-fuzz-TARGET-PROCESS`): what ends the process is found
/// there, and goes into `Corpus/TARGET`, whose files are replayed first, for ever.
struct FuzzTests {
    private static let inputs: Int =
        ProcessInfo.processInfo.environment["MUSTER_FUZZ_INPUTS"].flatMap(Int.init) ?? FuzzTarget.all.count * 500
    /// Another number gives other inputs.
    private static let seed = ProcessInfo.processInfo.environment["MUSTER_FUZZ_SEED"].flatMap(Int.init) ?? 1

    @Test(arguments: FuzzTarget.all)
    func corpusDoesNoHarm(target: FuzzTarget) throws {
        for input in target.corpus { try run(target, input) }
    }

    @Test(arguments: FuzzTarget.all)
    func mutatedInputsDoNoHarm(target: FuzzTarget) throws {
        let process = ProcessInfo.processInfo.processIdentifier
        let file = FileManager.default.temporaryDirectory.appending(path: "muster-fuzz-\(target.name)-\(process)")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        var mutator = Mutator(seeds: target.seeds, number: Self.seed)
        for _ in 0..<(Self.inputs / FuzzTarget.all.count) {
            let input = mutator.next()
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: input)
            try handle.truncate(atOffset: UInt64(input.count))
            try run(target, input)
        }
        try handle.close()
        try FileManager.default.removeItem(at: file)
        #expect(Memory.peak < 500 << 20)
    }

    private func run(_ target: FuzzTarget, _ input: [UInt8]) throws {
        let begin = ContinuousClock.now
        target.read(input)
        let time = ContinuousClock.now - begin
        #expect(
            time < .seconds(5), "\(target.name): \(time) for \(String(decoding: input.prefix(2_000), as: UTF8.self))")
    }
}

/// Files beside this one.
enum FuzzFolder {
    static func files(_ path: String) -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: path)
        // Nothing ever failed there.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            FileManager.default.contents(atPath: folder.appending(path: name).path).map(Array.init)
        }
    }
}

private enum Memory {
    /// The most memory that this process has had.
    static var peak: Int {
        // Elsewhere not measured.
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
}
