import JSONModel

/// Tells the function calls of an answer apart, whose fragments come with an index, an id, both or neither.
///
/// An id that is new begins a call, whatever the index says; a fragment without one belongs to the last call of its index,
/// or else to the last call. Indices may begin anywhere.
struct ChatCalls {
    private struct Call {
        var id: String?
        var index: Int?
        let name: String
        var arguments = ""
    }

    private var calls: [Call] = []

    /// As many as one submission of outputs may answer.
    private static let maximum = 128

    var isEmpty: Bool { calls.isEmpty }

    /// Takes one fragment.
    ///
    /// - Parameters:
    ///   - fragment: as it came.
    ///   - position: its place in the chunk, by which fragments without anything else are told apart.
    /// - Throws: ``ModelFailure`` for a call of nothing, or too many.
    /// - Returns: what it adds.
    mutating func take(_ fragment: JSONValue, position: Int) throws(ModelFailure) -> [ModelEvent] {
        let id = fragment["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let name = fragment["function"]?["name"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? fragment["name"]?.string
        let index = fragment["index"]?.int
        let added = Self.arguments(fragment["function"]?["arguments"] ?? fragment["arguments"])
        var events: [ModelEvent] = []
        let place: Int
        if let known = known(id, index, name, position) {
            place = known
            if let id, calls[known].id == nil { calls[known].id = id }
        } else {
            guard let name else { throw .upstream("called a function without saying which") }
            guard calls.count < Self.maximum else {
                throw .upstream("called more than \(Self.maximum) functions at once")
            }
            place = calls.count
            calls.append(Call(id: id, index: index, name: name))
            events.append(.callBegan(index: place, name: name))
        }
        if !added.isEmpty {
            calls[place].arguments += added
            events.append(.callArguments(index: place, fragment: added))
        }
        return events
    }

    /// What calls without arguments lack: an object.
    mutating func completed() -> [ModelEvent] {
        calls.indices.filter { calls[$0].arguments.allSatisfy(\.isWhitespace) }.map { index in
            calls[index].arguments = "{}"
            return .callArguments(index: index, fragment: "{}")
        }
    }

    private func known(_ id: String?, _ index: Int?, _ name: String?, _ position: Int) -> Int? {
        if let id, let place = calls.lastIndex(where: { $0.id == id }) { return place }
        let candidate = index.map { index in calls.lastIndex { $0.index == index } } ?? calls.indices.last
        guard let candidate, let name else { return candidate }
        // A name: the beginning of another call, unless the server repeats it with every fragment of this one.
        let repeats = name == calls[candidate].name && (id == nil || calls[candidate].id == nil)
        let isOpen = !Self.isWhole(calls[candidate].arguments)
        return repeats && isOpen && (index != nil || position == 0) ? candidate : nil
    }

    private static func isWhole(_ arguments: String) -> Bool {
        arguments.last { !$0.isWhitespace } == "}" && (try? JSONValue(parsing: arguments)) != nil  // broken: not whole
    }

    /// A text, or an object that some servers send in its place.
    private static func arguments(_ value: JSONValue?) -> String {
        guard let value = value?.unlessNull else { return "" }
        return value.string ?? value.text()
    }
}
