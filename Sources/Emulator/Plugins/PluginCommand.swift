import Foundation

/// Runs a program once, with a text as its input, and takes what it prints.
///
/// Input and output are files, so that neither side can block the other, and the shell bounds the output. (A pipe-based
/// library was tried first and aborts the whole process when a run is cancelled at the wrong moment.)
enum PluginCommand {
    struct Failed: Error {}

    /// The longest output, in the blocks of 512 bytes that `ulimit` counts: one mebibyte.
    private static let outputBlocks = 2_048

    /// Runs the program; cancelling the task kills it.
    ///
    /// - Throws: ``Failed`` when the program cannot be run or ends with a failure.
    /// - Returns: what it printed on its standard output.
    static func run(_ words: [String], input: String) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "muster-plugin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // what stays in the temporary folder is swept there
        let (inputFile, outputFile) = (folder.appending(path: "input"), folder.appending(path: "output"))
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: outputFile)

        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "ulimit -f \(outputBlocks); exec \"$@\"", "sh"] + words
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = FileHandle.nullDevice
        let (ended, hasEnded) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in hasEnded.finish() }
        try process.run()
        let identifier = process.processIdentifier
        await withTaskCancellationHandler {
            // The stream must be awaited to its end even when the task is cancelled, or the child would be left over.
            await Task { for await _ in ended {} }.value
        } onCancel: {
            kill(identifier, SIGKILL)
        }
        try Task.checkCancellation()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    }
}
