import Foundation
import Processes

/// What tests and questions may know of the world.
enum Clocks {
    /// The local date and time as the vendor's programs write it: `2026-11-22 15:04:05`.
    static let now: @Sendable () -> String = {
        let time = Date.VerbatimFormatStyle(
            format: """
                \(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                \(second: .twoDigits)
                """,
            timeZone: .current, calendar: Calendar(identifier: .gregorian))
        return Date.now.formatted(time)
    }

    /// A test may say `{{env.NAME}}`, but what holds a key is not sent to anybody for it.
    static let variable: @Sendable (String) -> String? = { name in
        KeyVariables.contains(name) ? nil : ProjectVariables[name]
    }
}
