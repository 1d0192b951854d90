/// One way in which a local server misbehaves on demand. docs/protocol.md#errors, #sample-programs and #tolerance.
enum Fault: Equatable, Sendable {
    // Before the work is done.
    case latency(Duration)
    case rateLimit(RetryHint)
    case error(status: Int, shape: ErrorShape)
    case redirect(status: Int, location: String)
    case cutBefore

    // After the work was done.
    case cutAfter
    case truncate(bytes: Int)
    case cutBody(bytes: Int)
    case slowBody(pause: Duration)

    // Streams.
    case streamEnd(events: Int)
    case streamCut(events: Int)
    case streamError(wrapped: Bool)
    case falseCompletion
    case streamIgnored
    case lineEndings
    /// Records without `event:` lines.
    case namelessEvents
    /// A comment before every record, as proxies send to keep a connection.
    case comments
    /// The message in progress is sent again, whole, after every delta.
    case repeatedSnapshots

    // Lists.
    case listOrder(ListOrder)
    case cursor(CursorFault)
    case hasMore(Bool?)
    case pageCap(Int)
    case limitRefused(Int)
    case listShape(ListShape)

    // Objects.
    case dropFields([String])
    case nullFields([String])
    case addStrict
    case texts(TextChange)
    case floats
    case roundNumbers(digits: Int)
    case times(TimeFormat)
    case extraFields
    case created201
    case deleteKeepsName
    case deleteUnknown
    case runStatus(String)
    /// Every file of a vector store is shown in a state: never done, or failed.
    case indexing(String)
    /// Nulls beside what a tool says, as servers with one class for all tools add them.
    case addNulls
    /// `json_schema.schema` comes back as `schema_`.
    case renameSchema
    /// The newest answer is missing from its thread's list.
    case messagesLate
    /// Reads of an assistant show it as it was before the last write, or not at all, so many times.
    case stale(reads: Int)
    /// How the ids of new objects look; the server's own choice otherwise.
    case ids(IDForm)

    // Writes.
    case metadata(MetadataFault)
    case nullIgnored
    case modelRequired
    case textLimit(Int)
    /// An update of an unknown id creates it.
    case updateCreates
    /// A run of an assistant without instructions fails with 500.
    case instructionsRequired
    /// Runs never ask for tools.
    case toolsIgnored

    /// How a 429 says when to try again.
    enum RetryHint: Equatable, Sendable {
        case none
        case seconds(Int)
        case milliseconds(Int)
        /// An HTTP date so many seconds ahead.
        case date(Int)
        /// No retry helps: the quota is used up.
        case quota
    }

    enum ErrorShape: String, CaseIterable, Sendable {
        case envelope, html, msg, message, detail, text, empty
    }

    enum ListOrder: String, CaseIterable, Sendable {
        /// Ascending when descending was asked for, and the other way round.
        case swapped
        /// Each page sorted by id under a cursor that is not.
        case byID = "by-id"
        /// A descending page after a cursor lacks its first object.
        case lossy
    }

    enum CursorFault: String, CaseIterable, Sendable {
        case ignored, refused
    }

    enum ListShape: String, CaseIterable, Sendable {
        case bare
        case noObject = "no-object"
        case noIDs = "no-ids"
    }

    enum TextChange: String, CaseIterable, Sendable {
        /// White space at both ends is gone.
        case trimmed
        /// A line break is added at the end.
        case newline
    }

    enum TimeFormat: String, CaseIterable, Sendable {
        case milliseconds, float, iso
    }

    enum IDForm: String, CaseIterable, Sendable {
        /// 32 hexadecimal digits without a prefix.
        case hex
        /// With hyphens (RFC 9562).
        case uuid
    }

    enum MetadataFault: String, CaseIterable, Sendable {
        case merged, dropped
    }
}
