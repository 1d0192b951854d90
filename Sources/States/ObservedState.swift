package import JSONModel

/// An assistant as the server returned it, whoever owns it.
package struct ObservedAssistant: Hashable, Sendable {
    package let id: AssistantID
    /// Seconds since 1970 where the server says so in a readable form; only used to tell the older of two twins.
    package let createdAt: Double
    /// The fields whose keys the server returned, null included.
    package let fields: [AssistantField: JSONValue]
    /// Nil for an assistant that nobody's marks claim.
    package let marks: Marks?

    package init(id: AssistantID, createdAt: Double, fields: [AssistantField: JSONValue], marks: Marks?) {
        self.id = id
        self.createdAt = createdAt
        self.fields = fields
        self.marks = marks
    }

    /// Reads an assistant object.
    ///
    /// - Parameter json: the object; nil is returned for one without a usable id.
    package init?(_ json: JSONValue) {
        self.init(json, marks: Marks(metadata: json["metadata"]?.object ?? [:]))
    }

    /// Reads an assistant object whose marks are kept elsewhere.
    ///
    /// - Parameters:
    ///   - json: the object; nil is returned for one without a usable id.
    ///   - marks: who owns it; nil for nobody.
    ///   - names: of further fields to read; see ``AssistantField/extra``.
    package init?(_ json: JSONValue, marks: Marks?, further names: Set<String> = []) {
        guard let id = json["id"]?.string.flatMap(AssistantID.init) else { return nil }
        var fields: [AssistantField: JSONValue] = [:]
        for field in AssistantField.allCases { fields[field] = field.value(in: json, further: names) }
        self.init(id: id, createdAt: json["created_at"]?.double ?? 0, fields: fields, marks: marks)
    }

    /// The display name, which identifies nothing.
    package var name: String? {
        fields[.name]?.string
    }
}

/// An assistant that carries a project's marks.
package struct OwnedAssistant: Hashable, Sendable {
    package let id: AssistantID
    package let marks: Marks
    package let createdAt: Double
    package let fields: [AssistantField: JSONValue]

    package init(id: AssistantID, marks: Marks, createdAt: Double, fields: [AssistantField: JSONValue]) {
        self.id = id
        self.marks = marks
        self.createdAt = createdAt
        self.fields = fields
    }

    /// Takes an observed assistant for an owner's.
    ///
    /// - Parameters:
    ///   - observed: as the server returned it.
    ///   - owner: whose; nil is returned when the marks say otherwise, or when there are none.
    package init?(_ observed: ObservedAssistant, of owner: Owner) {
        guard let marks = observed.marks, marks.owner == owner else { return nil }
        self.init(id: observed.id, marks: marks, createdAt: observed.createdAt, fields: observed.fields)
    }

    package var key: AssistantKey { marks.key }

    /// The same assistant among those that anybody may own.
    package var observed: ObservedAssistant {
        ObservedAssistant(id: id, createdAt: createdAt, fields: fields, marks: marks)
    }

    /// Which of two twins stays. Of equal ages it is the one that the list has first: a server's list is in the order of
    /// creation, while an id tells nothing about it, and the one that was there when its creator looked must stay.
    package func isOlder(than other: OwnedAssistant) -> Bool {
        createdAt < other.createdAt
    }
}

/// What one environment's server holds, as far as the project is concerned.
package struct ObservedState: Hashable, Sendable {
    /// Those with this project's marks, in the order of the server's list.
    package var owned: [OwnedAssistant]
    /// Assistants without marks or with another project's, to be counted and hinted at, never touched.
    package var unowned: [UnownedAssistant]
    /// Items of the list that could not be taken for assistants, because their id is missing or unusable.
    package var unreadable: Int

    /// The oldest assistant with the mark of each key.
    package var oldestByKey: [AssistantKey: OwnedAssistant] {
        Dictionary(owned.map { ($0.key, $0) }) { $1.isOlder(than: $0) ? $1 : $0 }
    }

    /// The oldest assistant with the mark of a key.
    package func oldest(of key: AssistantKey) -> OwnedAssistant? {
        ObservedState(owned: all(of: key)).oldestByKey[key]
    }

    /// Every assistant with the mark of a key; more than one are twins, of which nobody can prove which is the project's.
    package func all(of key: AssistantKey) -> [OwnedAssistant] {
        owned.filter { $0.key == key }
    }

    package init(owned: [OwnedAssistant] = [], unowned: [UnownedAssistant] = [], unreadable: Int = 0) {
        self.owned = owned
        self.unowned = unowned
        self.unreadable = unreadable
    }
}

/// An assistant that is not the project's.
package struct UnownedAssistant: Hashable, Sendable {
    /// Whose it is instead.
    package enum Standing: Hashable, Sendable {
        case nobodys
        case others(Owner)
        /// It carries marks that name no possible owner or key.
        case unreadableMarks
    }

    package let id: AssistantID
    package let name: String?
    package let standing: Standing

    package init(id: AssistantID, name: String?, standing: Standing = .nobodys) {
        self.id = id
        self.name = name
        self.standing = standing
    }
}
