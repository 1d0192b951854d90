import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ends a program with everything that it started.
///
/// A signal to its group reaches most. Who made a group or session of its own is known as a child of one of these, or by
/// a mark in its environment, which programs pass on to each other; both are read from `/proc`, so only where there is one.
struct Descendants {
    let mark = (name: "MUSTER_PROGRAM", value: UUID().uuidString)

    /// Looks that may find somebody new, because programs go on starting others while they are ended.
    private static let maximumLooks = 50

    /// Ends the program's group, itself included.
    func endGroup(of child: Child) {
        if child.hasOwnSession { kill(-child.pid, SIGKILL) }
    }

    /// Ends the program and all of its descendants.
    func end(of child: Child) {
        endGroup(of: child)
        kill(child.pid, SIGKILL)
        for _ in 0..<Self.maximumLooks {
            let found = living(child.pid)
            guard !found.isEmpty else { return }
            for pid in found { kill(pid, SIGKILL) }
            usleep(2_000)
        }
    }

    private struct Entry {
        let parent: pid_t
        let session: pid_t
        let isDead: Bool
    }

    private func living(_ root: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []  // no /proc: nobody is found
        var entries: [pid_t: Entry] = [:]
        for pid in names.compactMap({ pid_t($0) }) { entries[pid] = Self.entry(pid) }
        var isOurs: [pid_t: Bool] = [root: true, 0: false, 1: false, getpid(): false]
        for pid in entries.keys { _ = Self.isDescendant(pid, entries, &isOurs) }
        return entries.filter { pid, entry in
            guard !entry.isDead, pid > 1, pid != getpid() else { return false }
            return isOurs[pid] == true || entry.session == root || hasMark(pid)
        }.map(\.key)
    }

    private static func isDescendant(_ pid: pid_t, _ entries: [pid_t: Entry], _ known: inout [pid_t: Bool]) -> Bool {
        var path: [pid_t] = []
        var place = pid
        while known[place] == nil, let entry = entries[place], path.count < 10_000 {
            path.append(place)
            place = entry.parent
        }
        let answer = known[place] ?? false
        for step in path { known[step] = answer }
        return answer
    }

    /// `/proc/PID/stat`: the name stands in parentheses and may hold anything, so what counts begins after the last one.
    private static func entry(_ pid: pid_t) -> Entry? {
        guard let text = contents("/proc/\(pid)/stat"), let end = text.lastIndex(of: UInt8(ascii: ")")) else {
            return nil
        }
        let fields = String(decoding: text[(end + 1)...], as: UTF8.self).split(separator: " ")
        guard fields.count > 3, let parent = pid_t(fields[1]), let session = pid_t(fields[3]) else { return nil }
        return Entry(parent: parent, session: session, isDead: fields[0] == "Z" || fields[0] == "X")
    }

    private func hasMark(_ pid: pid_t) -> Bool {
        guard let text = Self.contents("/proc/\(pid)/environ") else { return false }
        return text.split(separator: 0).contains { $0.elementsEqual("\(mark.name)=\(mark.value)".utf8) }
    }

    private static func contents(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map(Array.init)
    }
}
