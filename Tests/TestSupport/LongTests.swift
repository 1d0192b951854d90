import Foundation

/// Tests that take minutes: `make check` runs them.
package enum LongTests {
    package static var areWanted: Bool { ProcessInfo.processInfo.environment["MUSTER_LONG_TESTS"] != nil }
}
