import CPCRE2

/// A compiled program of PCRE2; the only place with its pointers.
///
/// `@unchecked`: PCRE2 never changes a program once it is made, and lets any number of threads match with it at once
/// (pcre2api, "Multithreading").
final class PatternMachine: @unchecked Sendable {
    /// How far one match may go. A step is a place in the pattern that was tried, or a byte that was passed over.
    private static let maximumSteps = 10_000_000
    private static let maximumKibibytes: UInt32 = 65_536

    private let code: OpaquePointer

    /// Compiles a program.
    ///
    /// - Parameters:
    ///   - program: in the syntax of PCRE2.
    ///   - ignoresCase: letters match in either case.
    ///   - source: what the author wrote, for the place of a problem.
    /// - Throws: ``PatternProblem`` for what only PCRE2 finds, such as a group that is not closed.
    init(_ program: PatternProgram, ignoresCase: Bool, of source: String) throws(PatternProblem) {
        var options =
            PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_AUTO_CALLOUT
        if ignoresCase { options |= PCRE2_CASELESS }
        var error: Int32 = 0
        var offset = 0
        let bytes = Array(program.text.utf8)
        guard let code = pcre2_compile_8(bytes, bytes.count, options, &error, &offset, nil) else {
            throw PatternProblem(message: Self.words(of: error), offset: program.place(of: offset))
        }
        self.code = code
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Runs the program on a text.
    ///
    /// - Parameters:
    ///   - text: what to look at.
    ///   - whole: whether it must match from beginning to end.
    ///   - name: the pattern as errors show it.
    /// - Returns: whether it matches.
    /// - Throws: ``PatternLimit``.
    func matches(_ text: String, whole: Bool, named name: String) throws(PatternLimit) -> Bool {
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil),
            let context = pcre2_match_context_create_8(nil)
        else { throw PatternLimit(description: "there is no memory for the pattern \(name)") }
        defer {
            pcre2_match_context_free_8(context)
            pcre2_match_data_free_8(data)
        }
        pcre2_set_heap_limit_8(context, Self.maximumKibibytes)
        let bytes = Array(text.utf8)
        // PCRE2 counts its own steps anew at every place where a match may begin, so the whole is counted here.
        var count = StepCount(left: Self.maximumSteps)
        let result = withUnsafeMutablePointer(to: &count) { count in
            pcre2_set_callout_8(context, takeStep, count)
            let options = PCRE2_NO_UTF_CHECK | (whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0)
            return pcre2_match_8(code, bytes, bytes.count, 0, options, data, context)
        }
        switch result {
        case 0...: return true
        case PCRE2_ERROR_NOMATCH: return false
        case PCRE2_ERROR_CALLOUT, PCRE2_ERROR_MATCHLIMIT:
            throw PatternLimit(
                description: "the pattern \(name) needs more than \(Self.maximumSteps) steps on this text")
        case PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_NOMEMORY:
            throw PatternLimit(
                description: "the pattern \(name) needs more than \(Self.maximumKibibytes / 1_024) MiB on this text")
        default: throw PatternLimit(description: "the pattern \(name) could not be tried: \(Self.words(of: result))")
        }
    }

    private static func words(of error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(error)"
    }
}

/// The steps that a match may still take.
private struct StepCount {
    var left: Int
    var lastPosition = 0
}

/// Called by PCRE2 before each item of the pattern; ends the match when all steps are taken.
private func takeStep(
    _ block: UnsafeMutablePointer<pcre2_callout_block_8>?, _ data: UnsafeMutableRawPointer?
) -> Int32 {
    guard let block, let count = data?.assumingMemoryBound(to: StepCount.self) else { return 0 }
    let position = block.pointee.current_position
    count.pointee.left -= 1 + max(0, position - count.pointee.lastPosition)
    count.pointee.lastPosition = position
    return count.pointee.left > 0 ? 0 : PCRE2_ERROR_CALLOUT
}
