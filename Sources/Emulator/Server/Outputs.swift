import Foundation

/// Writes one line to standard error.
///
/// - Parameter line: the text, without a line break.
package func standardErrorLine(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// The present, in whole seconds since 1970 as the protocol counts. docs/protocol.md#transport.
func unixNow() -> Int {
    Int(Date().timeIntervalSince1970)
}
