import AssistantsAPI
package import AssistantsClient
import JSONModel
import Planning
package import Reports
package import States

/// Finds out what a server really does, with throw-away assistants that it deletes again.
package struct Doctor: Sendable {
    let client: AssistantsClient
    /// A model that the server has.
    let model: String
    let digests = Digests(hash: sha256)
    /// The ids of throw-away assistants that an earlier examination could not delete, or was killed before it did.
    let leftovers: DoctorLeftovers

    /// - Parameters:
    ///   - client: the server's.
    ///   - model: the model of throw-away assistants; one that the server has.
    ///   - leftovers: where the ids of throw-away assistants are kept until they are deleted.
    package init(client: AssistantsClient, model: String, leftovers: DoctorLeftovers) {
        self.client = client
        self.model = model
        self.leftovers = leftovers
    }

    /// Examines the server.
    ///
    /// - Parameters:
    ///   - traits: what the environment's settings say of it.
    ///   - walk: how its list is read.
    /// - Returns: what was found; a server that cannot be talked to is a failed check, too.
    package func examine(_ traits: ServerTraits, walk: ListWalk) async -> DoctorReport {
        var findings = Findings()
        await list(&findings)
        guard !findings.isUnreachable else { return findings.report }
        await sweep()
        if let first = await create(&findings) {
            let isDeleted = await delete(first, &findings)
            if isDeleted {
                await writeAndRead(&findings)
            } else {
                await update(first, &findings)
                findings.report.leftovers.append(first)
            }
        }
        await threads(&findings)
        findings.report.settings = findings.settings(instead: traits, walk: walk)
        return findings.report
    }

    /// Deletes what an earlier examination left: only ids of its own making.
    private func sweep() async {
        for id in leftovers.ids { _ = await remove(id) }
    }

    /// Deletes a throw-away assistant.
    ///
    /// - Returns: whether it is gone; false also where that is not known.
    func remove(_ id: AssistantID) async -> Bool {
        do {
            try await client.deleteAssistant(id.text)
        } catch {
            guard case .notFound = error.kind else { return false }
        }
        leftovers.forget(id)
        return true
    }

    /// Makes a throw-away assistant whose id is written down before anything else is done.
    private func make(_ number: Int) async throws -> (echo: JSONValue, id: AssistantID?, sent: AssistantWrite) {
        let sent = body(number: number)
        let echo = try await client.createAssistant(sent.body)
        let id = echo["id"]?.string.flatMap(AssistantID.init)
        if let id { leftovers.remember(id) }
        return (echo, id, sent)
    }

    // MARK: Steps

    private func list(_ findings: inout Findings) async {
        do {
            _ = try await client.listAssistants(limit: 1)
            findings.add("address and key", .works, "\(client.server.name) answers")
            findings.add("list", .works)
        } catch {
            switch error.kind {
            case .notFound, .rejected(405, _), .rejected(501, _):
                findings.add("address and key", .works, "\(client.server.name) answers")
                findings.missing.insert(.list)
                findings.add("list", .missing, "\(error)")
            default:
                findings.isUnreachable = true
                findings.add("address and key", .failed, "\(error)")
            }
        }
    }

    private func create(_ findings: inout Findings) async -> AssistantID? {
        do {
            let (echo, id, sent) = try await make(0)
            guard let id, let observed = ObservedAssistant(echo) else { return nil }
            findings.add("create", .works)
            findings.hasMarks = observed.marks != nil
            findings.add(
                "metadata", observed.marks == nil ? .missing : .works,
                observed.marks == nil ? "the server drops it, so marks cannot be kept there" : "")
            compare(observed, sent, &findings)
            return id
        } catch {
            guard let error = error as? AssistantsError, error.saysReadOnly else {
                findings.add("create", .failed, "\(error)")
                return nil
            }
            // Whoever may not create may not update or delete, either; what is there can be read and tested.
            findings.add("create", .missing, "\(error); what is there can be imported into a file and tested")
            findings.isReadOnly = true
            findings.missing.formUnion([.update, .delete])
            return nil
        }
    }

    /// Which fields come back changed or not at all.
    private func compare(_ observed: ObservedAssistant, _ sent: AssistantWrite, _ findings: inout Findings) {
        let (dropped, rewritten) = differences(observed, sent)
        if !dropped.isEmpty {
            findings.add("fields", .limited, "not kept: \(Self.names(dropped)); plans say so once")
        }
        if !rewritten.isEmpty {
            findings.add("echo", .limited, "rewritten: \(Self.names(rewritten)); the marks remember it")
        }
        if dropped.isEmpty, rewritten.isEmpty { findings.add("fields", .works, "all come back as they were sent") }
    }

    private func differences(
        _ observed: ObservedAssistant, _ sent: AssistantWrite
    ) -> (dropped: [AssistantField], rewritten: [AssistantField]) {
        var (dropped, rewritten): ([AssistantField], [AssistantField]) = ([], [])
        for (field, value) in sent.fields.sorted(by: { $0.key < $1.key }) where field.isEchoed {
            guard let kept = observed.fields[field], !kept.isNull else {
                dropped.append(field)
                continue
            }
            if digests.field(field, kept) != digests.field(field, value) { rewritten.append(field) }
        }
        return (dropped, rewritten)
    }

    private static func names(_ fields: [AssistantField]) -> String {
        fields.map(\.rawValue).joined(separator: ", ")
    }

    private func delete(_ id: AssistantID, _ findings: inout Findings) async -> Bool {
        do {
            try await client.deleteAssistant(id.text)
        } catch {
            findings.missing.insert(.delete)
            findings.add("delete", .missing, "\(error)")
            return false
        }
        do {
            _ = try await client.assistant(id.text)
            findings.missing.insert(.delete)
            findings.add("delete", .missing, "the server says that it deleted, but the assistant is still there")
            return false
        } catch {
            guard case .notFound = error.kind else {
                findings.add("delete", .unknown, "the server says that it deleted, but then: \(error)")
                return false
            }
            findings.add("delete", .works)
            leftovers.forget(id)
            return true
        }
    }

    /// Three more throw-away assistants: for updates and for the list's pages.
    private func writeAndRead(_ findings: inout Findings) async {
        var ids: [AssistantID] = []
        for number in 1...3 {
            guard let made = try? await make(number), let id = made.id else { break }  // told under "create"
            ids.append(id)
        }
        if let first = ids.first { await update(first, &findings) }
        if findings.missing.isDisjoint(with: [.list]), ids.count == 3 { await pages(ids, &findings) }
        for id in ids {
            if await !remove(id) { findings.report.leftovers.append(id) }
        }
    }

    private func update(_ id: AssistantID, _ findings: inout Findings) async {
        var write = body(number: 0)
        write.fields = [.model: .string(model), .name: "muster doctor, updated"]
        write.metadata = ["kept": "yes"]
        do {
            _ = try await client.updateAssistant(id.text, write.body)
            let read = try await client.assistant(id.text)
            guard read["name"] == "muster doctor, updated" else {
                findings.missing.insert(.update)
                return findings.add("update", .missing, "the server says that it updated, but nothing changed")
            }
            let isMerged = read["metadata"]?["removed"] != nil
            findings.add("update", .works, isMerged ? "metadata is merged, so removed pairs stay" : "")
        } catch {
            findings.missing.insert(.update)
            findings.add("update", .missing, "\(error)")
        }
    }

    private func pages(_ ids: [AssistantID], _ findings: inout Findings) async {
        do {
            let ascending = try await walk(.ascending)
            let descending = try await walk(.descending)
            let found = { (list: [String]) in ids.allSatisfy { list.contains($0.text) } }
            let isReversed = ascending == descending.reversed()
            findings.walksBothWays = found(ascending) && found(descending) && isReversed
            switch (found(ascending), findings.walksBothWays) {
            case (true, true): findings.add("pages", .works, "in both directions")
            case (true, false): findings.add("pages", .limited, "only from the oldest on, which is how Muster reads")
            case (false, _):
                let all = try await client.allAssistants().items.compactMap { $0["id"]?.string }
                let isWhole = found(all)
                findings.add(
                    "pages", isWhole ? .limited : .failed,
                    isWhole ? "not by small pages; a page of 100 holds everything" : "the list loses assistants")
            }
        } catch {
            findings.add("pages", .failed, "\(error)")
        }
    }

    /// The list's ids in pages of two, the way a careless client would read it.
    private func walk(_ order: ListOrder) async throws(AssistantsError) -> [String] {
        var walk = PageWalk(limit: 2)
        while let cursor = walk.cursor {
            walk.take(try await client.listAssistants(limit: 2, after: cursor.id, order: order))
        }
        return walk.items.compactMap { $0["id"]?.string }
    }

    private func threads(_ findings: inout Findings) async {
        do {
            let id = try await client.createThread()
            do {
                try await client.deleteThread(id)
                findings.add("threads", .works)
            } catch {
                findings.add("threads", .limited, "they cannot be deleted: \(error)")
            }
        } catch {
            findings.add("threads", .limited, "tests and questions will not work: \(error)")
        }
    }

    /// A throw-away assistant that sets every field that servers are known to drop or rewrite.
    private func body(number: Int) -> AssistantWrite {
        AssistantWrite(
            fields: [
                .name: .string("muster doctor \(number)"), .description: " kept? ", .model: .string(model),
                .instructions: "You are a throw-away.\n\nNobody asks you.\n", .temperature: 0.123456789, .topP: 0.5,
                .responseFormat: ["type": "json_object"],
                .tools: [["type": "function", "function": ["name": "PROBE"]]],
            ],
            metadata: ["removed": "yes"], marks: Self.marks(number))
    }

    private static func marks(_ number: Int) -> Marks {
        Marks(owner: .doctor, key: .throwAway(number), isProtected: false, applied: [:])
    }
}

extension AssistantsError {
    /// The server does not take what would change something: by its rules, or because it knows no such request.
    fileprivate var saysReadOnly: Bool {
        switch kind {
        case .unauthorized(403, _), .rejected(403, _), .rejected(405, _), .rejected(501, _), .notFound: true
        default: false
        }
    }
}
