import Diagnostics
import JSONModel
import States
import YAMLSyntax

/// Finds the files that specs name for uploading: by path, or by a pattern over what the walk through the project has found.
struct MaterialFiles {
    let context: LoadingContext
    private let material: [String]
    private let others: [(path: String, what: String)]

    init(_ inventory: FileInventory, in context: LoadingContext) {
        self.context = context
        material = inventory.onDemand.map(\.path) + inventory.repeated.map(\.path)
        others = inventory.others
    }

    /// The files of a list.
    ///
    /// - Parameters:
    ///   - items: paths, patterns, and where `takesAttributes`, maps of a path and attributes.
    ///   - key: the key they stand under, for messages.
    ///   - purpose: what the server does with them.
    ///   - takesAttributes: whether maps may stand there.
    /// - Returns: sorted by path, each once; where one is named twice, the attributes of its own item count.
    func files(
        _ items: [YAMLNode], _ key: String, for purpose: MaterialPurpose, takesAttributes: Bool
    ) -> [MaterialFile] {
        var found: [String: MaterialFile] = [:]
        for item in items {
            var (pathNode, attributes) = (item, JSONObject())
            if takesAttributes, item.pairs != nil {
                guard let reader = ObjectReader(item, "a file", keys: ["path", "attributes"], in: context),
                    let node = reader.required("path")
                else { continue }
                pathNode = node
                attributes = reader["attributes"].map(self.attributes) ?? [:]
            }
            guard let written = context.string(pathNode, key)?.located else { continue }
            for (path, bytes) in measured(written, purpose) {
                let file = MaterialFile(path: path, bytes: bytes, attributes: attributes, range: written.range)
                if let known = found[path], attributes.isEmpty || !known.attributes.isEmpty {
                    if !attributes.isEmpty, known.attributes != attributes { reportTwice(file, known) }
                    continue
                }
                found[path] = file
            }
        }
        return found.values.sorted { $0.path < $1.path }
    }

    private func reportTwice(_ file: MaterialFile, _ known: MaterialFile) {
        context.emit(
            .duplicateFile, "\"\(file.path)\" has other attributes here", at: file.range,
            notes: [Diagnostic.Note("it was named first here", at: known.range)])
    }

    /// The files that one item names, with their sizes.
    private func measured(_ written: Located<String>, _ purpose: MaterialPurpose) -> [(path: String, bytes: Int)] {
        let isPattern = written.value.contains { "*?".contains($0) }
        let paths = isPattern ? matches(written) : literal(written)
        return paths.compactMap { path in
            guard let bytes = size(path, written), check(path, bytes, purpose, at: written.range) else { return nil }
            context.note(context.path(of: path))
            return (path, bytes)
        }
    }

    /// A file, or all that is in a folder.
    private func literal(_ written: Located<String>) -> [String] {
        let full = context.resolved(written.value, at: written.range)
        guard context.isInside(full) else {
            context.emit(
                .outsideProject, "the file \"\(written.value)\" lies outside the project's folder", at: written.range,
                help: "move it into the project: what a spec says must be in the repository")
            return []
        }
        let path = context.relative(full)
        do throws(FileProblem) {
            _ = try context.fileSystem.size(full)
        } catch .isFolder {
            return matches(Located(path.isEmpty ? "**" : path, at: written.range))
        } catch {
            // It is told where it is measured.
        }
        return [path]
    }

    /// What a pattern covers, beside the file that names it or, where that is nothing, below the project's folder.
    private func matches(_ written: Located<String>) -> [String] {
        guard !written.value.hasPrefix("/"), !written.value.split(separator: "/").contains("..") else {
            context.emit(
                .outsideProject, "a pattern stays below the folder of the file that names it", at: written.range,
                help: "write it from the project's folder on, without \"..\"")
            return []
        }
        let folder = written.range.file.split(separator: "/").dropLast().joined(separator: "/")
        let globs = (folder.isEmpty ? [] : ["\(folder)/\(written.value)"]) + [written.value]
        for glob in globs.map(PathGlob.init) {
            for other in others where glob.matches(other.path) {
                context.emit(
                    .notAFile, "the pattern covers \"\(other.path)\", which is \(other.what)", at: written.range,
                    help: "remove it, or list it under exclude: in \(ProjectFile.fileName)")
            }
            let found = material.filter(glob.matches)
            if !found.isEmpty { return found }
        }
        context.emit(
            .noMatch, "nothing in the project matches \"\(written.value)\"", at: written.range,
            help:
                "patterns are relative to the file that names them, or to the project's folder; ** stands for folders, "
                + "and names that begin with a dot are not looked at")
        return []
    }

    private func size(_ path: String, _ written: Located<String>) -> Int? {
        do throws(FileProblem) {
            return try context.fileSystem.size(context.path(of: path))
        } catch {
            context.emit(
                .unreadableFile, "the file \"\(path)\" cannot be read: \(error.sentence)", at: written.range,
                help: error == .missing ? context.nearest(to: written.value) : nil)
            return nil
        }
    }

    private func check(_ path: String, _ bytes: Int, _ purpose: MaterialPurpose, at range: SourceRange) -> Bool {
        if bytes == 0 {
            context.emit(
                .emptyMaterial, "\"\(path)\" is empty, and servers refuse empty files", at: range,
                help: "fill it, remove it, or list it under exclude: in \(ProjectFile.fileName)")
            return false
        }
        if bytes > KnowledgeLimits.fileBytes {
            context.emit(
                .tooLarge,
                "\"\(path)\" has \(bytes) bytes; a file may have \(KnowledgeLimits.fileBytes) (512 MB)", at: range)
            return false
        }
        let name = path.split(separator: "/").last ?? ""
        let ending = name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
        switch purpose.verdict(ending) {
        case .taken: return true
        case .never:
            context.emit(
                .wrongKind, "\"\(path)\" holds no text that \(purpose.words) could find", at: range,
                help: "leave it out, or give it to code_interpreter by code_files:")
            return false
        case .unlisted:
            let what = ending.isEmpty ? "files without an ending" : ".\(ending) files"
            context.collector.emit(
                Diagnostic(
                    .warning, code: .unlistedKind,
                    "the published \(purpose.words) does not take \(what), such as \"\(path)\"; other servers may",
                    at: range))
            return true
        }
    }

    private func attributes(_ node: YAMLNode) -> JSONObject {
        guard let pairs = node.pairs else {
            context.emit(.wrongType, "\"attributes\" must be a map, not \(node.kindName)", at: node.range)
            return [:]
        }
        let room = KnowledgeLimits.attributes - EntryMarks.pairCount
        if pairs.count > room {
            context.emit(
                .tooMany,
                "\"attributes\" has \(pairs.count) pairs; the server takes \(KnowledgeLimits.attributes), and Muster needs "
                    + "\(EntryMarks.pairCount) of them", at: node.range)
        }
        var attributes = JSONObject()
        for pair in pairs {
            if pair.name.hasPrefix(Marks.prefix) {
                context.emit(
                    .reservedKey, "attributes that begin with \"\(Marks.prefix)\" are Muster's own",
                    at: pair.nameRange,
                    help: "choose another name")
            }
            if pair.name.unicodeScalars.count > KnowledgeLimits.attributeKey {
                context.emit(
                    .tooLong, "an attribute's name has at most \(KnowledgeLimits.attributeKey) characters",
                    at: pair.nameRange)
            }
            attributes[pair.name] = attribute(pair)
        }
        return attributes
    }

    private func attribute(_ pair: YAMLPair) -> JSONValue? {
        guard pair.value.scalar != nil, !pair.value.isNull else {
            context.emit(
                .wrongType, "an attribute is text, a number, true or false, not \(pair.value.kindName)",
                at: pair.value.range)
            return nil
        }
        let value = context.json(pair.value, pair.name)
        let length = value?.string?.unicodeScalars.count ?? 0
        if length > KnowledgeLimits.attributeValue {
            context.emit(
                .tooLong,
                "\"\(pair.name)\" has \(length) characters; the server takes at most \(KnowledgeLimits.attributeValue)",
                at: pair.value.range)
        }
        return value
    }
}
