package import JSONModel
package import States

/// Writes the spec of an assistant that exists, so that it plans to no change.
package struct SpecWriter {
    /// Files by path below the project's folder.
    package typealias Files = [(path: String, text: String)]

    private let defaults: JSONObject
    /// Function tools that the project has, or is about to have, in `tools/`.
    private var shared: [ToolName: JSONValue]
    /// Instructions with more lines get a file of their own.
    private static let longestInlineText = 12

    /// - Parameter project: whose defaults need not be repeated.
    package init(project: LoadedProject) {
        defaults = project.defaults
        shared = project.sharedTools
    }

    /// The files of functions that several assistants have in common, to be written before their specs. A function that
    /// the project has in another form under the same name stays with each assistant.
    ///
    /// - Parameter assistants: the fields of each as the server has them.
    /// - Returns: one file for each function; specs written afterwards use them by name.
    package mutating func sharedTools(of assistants: [[AssistantField: JSONValue]]) -> Files {
        var forms: [ToolName: [JSONValue]] = [:]
        for fields in assistants {
            for tool in fields[.tools]?.array ?? [] {
                let tool = Self.withoutNulls(tool)
                guard let name = tool["function"]?["name"]?.string.flatMap(ToolName.init) else { continue }
                forms[name, default: []].append(tool)
            }
        }
        var files: Files = []
        for (name, found) in forms.sorted(by: { $0.key < $1.key }) where shared[name] == nil {
            guard let first = found.first, found.count > 1, found.allSatisfy({ $0 == first }),
                let members = first.object
            else { continue }
            shared[name] = first
            files.append((Self.file(of: name, besides: files), YAMLWriter.text(members)))
        }
        return files
    }

    /// Two names that differ in case alone would be one file on some disks.
    private static func file(of name: ToolName, besides files: Files) -> String {
        let path = { (number: Int) in "tools/\(name.text.lowercased())\(number > 1 ? "-\(number)" : "").yaml" }
        let number = (1...).first { number in !files.contains { $0.path == path(number) } } ?? 1
        return path(number)
    }

    /// The files of one assistant.
    ///
    /// - Parameters:
    ///   - key: the spec's key, also its file's base name if that is free.
    ///   - observed: the fields as the server has them.
    ///   - isFree: whether a path below the project's folder may be taken.
    /// - Returns: the spec, and the prompt if it is long.
    package func files(
        key: AssistantKey, observed: [AssistantField: JSONValue], isFree: (String) -> Bool = { _ in true }
    ) -> Files {
        let name = Self.freeName(key.text) { isFree("\($0).yaml") && isFree("prompts/\($0).md") }
        var spec: JSONObject = ["assistant": .string(key.text)]
        var files: Files = []
        for field in AssistantField.allCases {
            guard let value = written(field, observed[field]) else { continue }
            spec[field.rawValue] = value
            if field == .instructions, let text = value.string, isLong(text) {
                let path = "prompts/\(name).md"
                spec[field.rawValue] = ["file": .string(path)]
                // Reading drops one line break at the end, so one is added whatever the text ends with.
                files.append((path, text + "\n"))
            }
        }
        return [("\(name).yaml", YAMLWriter.text(spec))] + files
    }

    private static func freeName(_ name: String, isFree: (String) -> Bool) -> String {
        var candidate = name
        var number = 2
        while !isFree(candidate) {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    private func isLong(_ text: String) -> Bool {
        text.count { $0 == "\n" } >= Self.longestInlineText && !text.unicodeScalars.contains("\r")
    }

    /// What the spec must say of a field; nil where it need not say anything.
    private func written(_ field: AssistantField, _ value: JSONValue?) -> JSONValue? {
        let inherited = defaults[field.rawValue]
        if field == .metadata { return metadata(Marks.removed(from: value?.object ?? [:]), inherited?.object ?? [:]) }
        let isDefault = field.normalForm(of: value) == field.normalForm(of: nil)
        if isDefault { return inherited == nil ? nil : .null }
        if let inherited, field.normalForm(of: inherited) == field.normalForm(of: value) { return nil }
        return field == .tools ? .array((value?.array ?? []).map(used)) : value
    }

    /// A tool, by name where the project has it.
    private func used(_ tool: JSONValue) -> JSONValue {
        let tool = Self.withoutNulls(tool)
        guard let name = tool["function"]?["name"]?.string.flatMap(ToolName.init), shared[name] == tool else {
            return tool
        }
        return ["use": .string(name.text)]
    }

    private func metadata(_ pairs: JSONObject, _ inherited: JSONObject) -> JSONValue? {
        var result = pairs.filter { inherited[$0.key] != $0.value }
        for (key, _) in inherited where pairs[key] == nil { result[key] = .null }
        return result.isEmpty ? nil : .object(result)
    }

    /// A tool as people write it, without the nulls that servers add beside `type` and `function`.
    private static func withoutNulls(_ tool: JSONValue) -> JSONValue {
        var members = (tool.object ?? [:]).filter { !$0.value.isNull }
        if let function = members["function"]?.object {
            members["function"] = .object(function.filter { !$0.value.isNull })
        }
        return .object(members)
    }
}
