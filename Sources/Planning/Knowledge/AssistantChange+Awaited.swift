import JSONModel
package import States

extension AssistantChange {
    /// The change with the ids of stores and files that it had to wait for.
    ///
    /// - Parameters:
    ///   - digests: of what is sent, for the marks.
    ///   - id: what is known by now.
    /// - Returns: the change; or what is still awaited, which must not be sent.
    package func resolved(
        _ digests: Digests, _ id: (Awaited) -> String?
    ) -> Result<AssistantChange, MissingKnowledge> {
        guard var write, let resources = write.fields[.toolResources] else { return .success(self) }
        let whole = Awaited.resolved(resources, id)
        let missing = Awaited.all(in: whole)
        guard missing.isEmpty else { return .failure(MissingKnowledge(awaited: missing)) }
        guard whole != resources else { return .success(self) }
        write.fields[.toolResources] = whole
        if let known = write.marks.applied?[.toolResources] {
            write.marks.applied?[.toolResources] = AppliedDigest(
                desired: digests.field(.toolResources, whole), isSecret: known.isSecret)
        }
        var change = self
        change.write = write
        return .success(change)
    }
}

/// What an assistant needs and an apply could not make.
package struct MissingKnowledge: Error, CustomStringConvertible {
    package let awaited: [Awaited]

    package var description: String {
        let names = awaited.map { awaited in
            switch awaited {
            case .store(let key): "the knowledge \(key)"
            case .file(let path): "the file \(path)"
            }
        }
        return "\(names.joined(separator: " and ")) could not be made first"
    }
}

extension KnowledgePlan {
    /// The part that some assistants need.
    ///
    /// - Parameters:
    ///   - keys: theirs.
    ///   - paths: of their code files.
    /// - Returns: without deletions, because others may need what these do not.
    package func limited(to keys: Set<AssistantKey>, codeFiles paths: Set<String>) -> KnowledgePlan {
        var part = self
        part.changes.removeAll { $0.action == .delete || keys.isDisjoint(with: $0.assistants) }
        part.codeFiles.removeAll { !paths.contains($0.path) }
        part.uploads.removeAll { !paths.contains($0.path) }
        part.leftovers = []
        return part
    }
}
