import EmulatorCore

/// The words that faults have on the command line.
enum FaultNames {
    /// A fault without its limits, such as `latency` with the value `200`.
    static func fault(_ name: String, _ value: String) throws(SettingsError) -> Fault {
        // One by one: `??` would lose the type of the error.
        if let fault = try transport(name, value) { return fault }
        if let fault = try stream(name, value) { return fault }
        if let fault = try list(name, value) { return fault }
        if let fault = try object(name, value) { return fault }
        if let fault = try write(name, value) { return fault }
        let isKnown = known.contains { $0.split(separator: "=").first.map(String.init) == name }
        let problem = isKnown ? "\"\(value)\" is no value of the fault \"\(name)\"" : "unknown fault \"\(name)\""
        throw SettingsError("\(problem); known are \(known.joined(separator: ", "))")
    }

    /// All names with the values they take, for help texts.
    static let known = [
        "latency=MS", "rate-limit=none|seconds:N|ms:N|date:N|quota",
        "error=STATUS[:envelope|html|msg|message|detail|text|empty]", "missing=404|405", "redirect=STATUS:URL",
        "cut=before|after", "truncate=BYTES", "cut-body=BYTES", "slow-body=MS", "stream-end=EVENTS",
        "stream-cut=EVENTS", "stream-error=bare|wrapped", "false-completed", "stream=ignored", "crlf",
        "event-names=absent",
        "comments", "snapshots=repeated",
        "list-order=swapped|by-id|lossy", "after=ignored|refused", "has-more=true|false|absent", "page-cap=N",
        "limit-refused=N", "list-shape=bare|no-object|no-ids", "drop-fields=A+B", "null-fields=A+B", "strict=added",
        "texts=trimmed|newline", "numbers=float|rounded:DIGITS", "times=milliseconds|float|iso", "extra-fields",
        "created=201", "deleted=short|unknown", "run-status=STATUS", "indexing=STATUS", "nulls=added", "schema=renamed",
        "messages=late",
        "stale=READS", "ids=hex|uuid", "metadata=merged|dropped", "null=ignored", "model=required", "text-limit=N",
        "update=creates", "instructions=required", "tools=ignored",
    ]

    private static func transport(_ name: String, _ value: String) throws(SettingsError) -> Fault? {
        let (head, tail) = split(value)
        switch name {
        case "latency": return .latency(.milliseconds(try number(name, value)))
        case "rate-limit": return .rateLimit(try retryHint(value))
        case "error":
            return .error(status: try status(name, head), shape: tail.isEmpty ? .envelope : try word(name, tail))
        case "missing": return .error(status: try status(name, value), shape: .envelope)
        case "redirect":
            guard !tail.isEmpty else { throw SettingsError("redirect needs STATUS:URL") }
            return .redirect(status: try status(name, head), location: tail)
        case "cut" where value == "before": return .cutBefore
        case "cut" where value == "after": return .cutAfter
        case "truncate": return .truncate(bytes: try number(name, value))
        case "cut-body": return .cutBody(bytes: try number(name, value))
        case "slow-body": return .slowBody(pause: .milliseconds(try number(name, value)))
        default: return nil
        }
    }

    private static func retryHint(_ value: String) throws(SettingsError) -> Fault.RetryHint {
        let (head, tail) = split(value)
        switch head {
        case "", "none": return .none
        case "quota": return .quota
        case "seconds": return .seconds(try number("rate-limit", tail))
        case "ms": return .milliseconds(try number("rate-limit", tail))
        case "date": return .date(try number("rate-limit", tail))
        default: throw SettingsError("rate-limit takes none, seconds:N, ms:N, date:N or quota")
        }
    }

    private static func stream(_ name: String, _ value: String) throws(SettingsError) -> Fault? {
        switch (name, value) {
        case ("stream-end", _): return .streamEnd(events: try number(name, value))
        case ("stream-cut", _): return .streamCut(events: try number(name, value))
        case ("stream-error", "bare"): return .streamError(wrapped: false)
        case ("stream-error", "wrapped"): return .streamError(wrapped: true)
        case ("false-completed", ""): return .falseCompletion
        case ("stream", "ignored"): return .streamIgnored
        case ("crlf", ""): return .lineEndings
        case ("event-names", "absent"): return .namelessEvents
        case ("comments", ""): return .comments
        case ("snapshots", "repeated"): return .repeatedSnapshots
        default: return nil
        }
    }

    private static func list(_ name: String, _ value: String) throws(SettingsError) -> Fault? {
        switch (name, value) {
        case ("list-order", _): return .listOrder(try word(name, value))
        case ("after", _): return .cursor(try word(name, value))
        case ("has-more", "true"): return .hasMore(true)
        case ("has-more", "false"): return .hasMore(false)
        case ("has-more", "absent"): return .hasMore(nil)
        case ("page-cap", _): return .pageCap(max(try number(name, value), 1))
        case ("limit-refused", _): return .limitRefused(try number(name, value))
        case ("list-shape", _): return .listShape(try word(name, value))
        default: return nil
        }
    }

    private static func object(_ name: String, _ value: String) throws(SettingsError) -> Fault? {
        let (head, tail) = split(value)
        switch (name, head) {
        case ("drop-fields", _): return .dropFields(value.split(separator: "+").map(String.init))
        case ("null-fields", _): return .nullFields(value.split(separator: "+").map(String.init))
        case ("strict", "added"): return .addStrict
        case ("texts", _): return .texts(try word(name, value))
        case ("numbers", "float"): return .floats
        case ("numbers", "rounded"): return .roundNumbers(digits: try number(name, tail))
        case ("times", _): return .times(try word(name, value))
        case ("extra-fields", ""): return .extraFields
        case ("created", "201"): return .created201
        case ("deleted", "short"): return .deleteKeepsName
        case ("deleted", "unknown"): return .deleteUnknown
        case ("run-status", _) where !value.isEmpty: return .runStatus(value)
        case ("indexing", _) where !value.isEmpty: return .indexing(value)
        case ("nulls", "added"): return .addNulls
        case ("schema", "renamed"): return .renameSchema
        case ("messages", "late"): return .messagesLate
        case ("stale", _): return .stale(reads: try number(name, value))
        case ("ids", _): return .ids(try word(name, value))
        default: return nil
        }
    }

    private static func write(_ name: String, _ value: String) throws(SettingsError) -> Fault? {
        switch (name, value) {
        case ("metadata", _): return .metadata(try word(name, value))
        case ("null", "ignored"): return .nullIgnored
        case ("model", "required"): return .modelRequired
        case ("text-limit", _): return .textLimit(try number(name, value))
        case ("update", "creates"): return .updateCreates
        case ("instructions", "required"): return .instructionsRequired
        case ("tools", "ignored"): return .toolsIgnored
        default: return nil
        }
    }

    private static func split(_ value: String) -> (head: String, tail: String) {
        let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }

    static func number(_ name: String, _ value: String) throws(SettingsError) -> Int {
        guard let number = Int(value), (0...3_600_000).contains(number) else {
            throw SettingsError("\(name) needs a number from 0 to 3600000, not \"\(value)\"")
        }
        return number
    }

    private static func status(_ name: String, _ value: String) throws(SettingsError) -> Int {
        guard let status = Int(value), (200...599).contains(status) else {
            throw SettingsError("\(name) needs an HTTP status from 200 to 599, not \"\(value)\"")
        }
        return status
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ value: String
    ) throws(SettingsError) -> Word where Word.RawValue == String {
        if let word = Word(rawValue: value) { return word }
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw SettingsError("\(name) takes \(known), not \"\(value)\"")
    }
}
