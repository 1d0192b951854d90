import Diagnostics
import Files
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting
import Specs
import States

/// Writes into specs what somebody edited on the server, so that the next plan has nothing to undo.
struct DriftAcceptance {
    let owned: OwnershipContext
    let console: Console

    private var session: OpenedProject { owned.session }

    /// Accepts the edits on some assistants.
    ///
    /// - Parameter keys: of specs that are there; nil for all.
    /// - Throws: ``CommandFailure`` when a field had to be left alone.
    func run(_ keys: Set<AssistantKey>?) async throws {
        let (plan, observed) = try await PlanMaker(session: session).look(
            session.project.desired, owned.server.client)
        let edited = plan.changes.filter { change in
            change.overwritesDrift && [.update, .replace].contains(change.action) && keys?.contains(change.key) ?? true
        }
        try checkCompared(keys, plan)
        var refused = 0
        for change in edited {
            guard let spec = session.project.assistant(change.key)?.spec,
                let there = observed.owned.first(where: { $0.id == change.id })?.observed.withoutMarks
            else { continue }
            refused += try accept(change, spec, there)
        }
        // Whose bytes are on a server only is nothing that a spec can say.
        let stores = plan.knowledge.changes.filter(\.overwritesDrift)
        for store in stores {
            refused += 1
            console.warning("knowledge.\(store.key) was left alone, because pull does not write files of stores")
        }
        if edited.isEmpty, stores.isEmpty { console.print("No drift: nothing to write.") }
        guard refused == 0 else {
            throw CommandFailure(
                .partlyApplied, "\(refused) \(refused == 1 ? "field was" : "fields were") left alone",
                help: "write them by hand, or let \(session.commands.text("apply")) put the server back")
        }
    }

    /// What is not deployed, or was left alone, has no drift that could be looked for.
    ///
    /// - Parameters:
    ///   - keys: that were named; nil for all specs, of which those that are not deployed have nothing to accept.
    ///   - plan: what was compared.
    /// - Throws: ``CommandFailure`` that names them.
    private func checkCompared(_ keys: Set<AssistantKey>?, _ plan: Plan) throws {
        let compared = Set(plan.changes.filter { keys == nil || $0.id != nil }.map(\.key))
        let others = (keys ?? Set(session.project.assistants.map(\.key))).subtracting(compared).sorted()
        guard !others.isEmpty else { return }
        throw CommandFailure(
            .refused,
            "not deployed in \(session.environment.name), or left alone, so not compared: "
                + others.map(\.text).joined(separator: ", "),
            help: "\(session.commands.text("plan")) says why; name the keys that are there")
    }

    /// Writes the fields of one assistant that can be written.
    ///
    /// - Returns: how many could not.
    private func accept(
        _ change: AssistantChange, _ spec: AssistantSpec, _ there: [AssistantField: JSONValue]
    ) throws -> Int {
        let secret = session.secrets.fields(of: there).union(spec.secretFields)
        let fields = change.fields.filter { $0.cause != .change }
        var files: [String: String] = [:]
        var written: [FieldChange] = []
        var refused = 0
        for field in fields {
            let value = there[field.field] ?? .null
            let reason = secret.contains(field.field) ? "it is secret" : edit(field.field, value, spec, &files)
            if let reason {
                refused += 1
                let name = "\(change.key): \(field.field.rawValue)"
                console.warning("\(name) was left alone, because \(reason)")
            } else {
                let before = spec.fields[field.field] ?? .null
                written.append(FieldChange(field: field.field, before: before, after: value, cause: .change))
            }
        }
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let url = session.root.appending(path: path).resolvingSymlinksInPath()
            try OutputFile.write(text.utf8, to: url.path(percentEncoded: false))
            console.progress("wrote \(DisplayText.inert(path))")
        }
        guard !written.isEmpty else { return refused }
        let shown = AssistantChange(key: change.key, action: .update, fields: written, isProtected: false)
        console.print(PlanText(palette: console.output, width: console.width).change(shown, isOfSpecs: true))
        return refused
    }

    /// Edits the files of one field.
    ///
    /// - Returns: why it cannot be; nil where the project now reads what the server has.
    private func edit(
        _ field: AssistantField, _ value: JSONValue, _ spec: AssistantSpec, _ files: inout [String: String]
    ) -> String? {
        if !WritableFields.unfit(in: [field: value]).isEmpty { return "it is of a kind that no spec can say" }
        let bytes = files[spec.file].map { Array($0.utf8) } ?? read(spec.file)
        guard let patch = bytes.flatMap({ SpecPatch($0, environment: session.environment.name) }) else {
            return SpecPatch.Refusal.noSpec.sentence
        }
        var trial = files
        do throws(SpecPatch.Refusal) {
            let outcome = try patch.setting(field, to: value, from: spec.fields[field] ?? .null) { path in
                (files[path].map { Array($0.utf8) } ?? read(path)).map(Self.text)
            }
            switch outcome {
            case .spec(let text): trial[spec.file] = text
            case .file(let path, let text): trial[path] = text
            }
        } catch {
            return error.sentence
        }
        // Whatever was edited, it counts only when the project reads it as the server has it, and nothing else changes.
        let specs = SpecFiles(session: session)
        guard let before = specs.loaded(files), let after = specs.loaded(trial) else {
            let problem = specs.problems(trial.map { ($0.key, $0.value) }).first
            return "the project would not load" + (problem.map { ": \($0.message)" } ?? "")
        }
        for assistant in before.assistants {
            let now = after.assistant(assistant.key)?.spec.fields
            for other in AssistantField.allCases {
                let isMeant = assistant.key == spec.key.value && other == field
                let wanted = isMeant ? value : assistant.spec.fields[other]
                guard other.normalForm(of: now?[other]) == other.normalForm(of: wanted) else {
                    return "written there, it would not be read as the server has it, or change another assistant"
                }
            }
        }
        files = trial
        return nil
    }

    /// As a reference to a file reads it: without a line break at its end.
    private static func text(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private func read(_ path: String) -> [UInt8]? {
        try? DiskFileSystem().read(session.root.appending(path: path).path(percentEncoded: false))  // gone: no spec
    }
}
