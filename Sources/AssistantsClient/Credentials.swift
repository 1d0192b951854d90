import Synchronization

/// The key of a client, which may be made anew while the client is used: tokens that programs make live about an hour, and
/// suites may take longer.
package final class Credentials: Sendable {
    /// Makes a key; nil where it cannot be had now.
    package typealias Renewal = @Sendable () async -> Authorization?

    /// A key, and the how manieth it is.
    struct Version: Sendable {
        let authorization: Authorization
        let number: Int
    }

    private struct State {
        var current: Version
        /// The making of the next one, which everybody whose key was refused waits for.
        var renewal: Task<Bool, Never>?
    }

    private let state: Mutex<State>
    private let renew: Renewal?

    /// - Parameters:
    ///   - authorization: the first key.
    ///   - renew: makes another; nil where there is only the one.
    package init(_ authorization: Authorization, renew: Renewal? = nil) {
        state = Mutex(State(current: Version(authorization: authorization, number: 1)))
        self.renew = renew
    }

    var current: Version { state.withLock(\.current) }

    /// Makes another key after one was refused; of many requests that were refused at once, one makes it for all.
    ///
    /// - Parameter refused: with what the refused request was sent.
    /// - Returns: whether there is another key than that.
    func renewed(after refused: Version) async -> Bool {
        guard let renew else { return false }
        let task = state.withLock { state -> Task<Bool, Never>? in
            guard state.current.number == refused.number else { return nil }
            if let running = state.renewal { return running }
            let task = Task {
                let made = await renew()
                self.state.withLock { state in
                    if let made {
                        state.current = Version(authorization: made, number: refused.number + 1)
                    }
                    state.renewal = nil
                }
                return made != nil
            }
            state.renewal = task
            return task
        }
        return await task?.value ?? true
    }
}
