package import JSONModel

/// An assistant as the server returned it.
package struct ObservedAssistant: Hashable, Sendable {
    package let id: String
    /// Seconds since 1970 where the server says so in a readable form; only used to tell the older of two twins.
    package let createdAt: Double
    /// The fields whose keys the server returned, null included.
    package let fields: [AssistantField: JSONValue]
    package let marks: Marks?

    package init(id: String, createdAt: Double, fields: [AssistantField: JSONValue], marks: Marks?) {
        self.id = id
        self.createdAt = createdAt
        self.fields = fields
        self.marks = marks
    }

    /// Reads an assistant object.
    ///
    /// - Parameter json: the object; nil is returned for one without an id.
    package init?(_ json: JSONValue) {
        self.init(json, marks: Marks(metadata: json["metadata"]?.object ?? [:]))
    }

    /// Reads an assistant object whose marks are kept elsewhere.
    ///
    /// - Parameters:
    ///   - json: the object; nil is returned for one without an id.
    ///   - marks: who owns it; nil for nobody.
    package init?(_ json: JSONValue, marks: Marks?) {
        guard let id = json["id"]?.string else { return nil }
        var fields: [AssistantField: JSONValue] = [:]
        for field in AssistantField.allCases { fields[field] = json[field.rawValue] }
        self.init(id: id, createdAt: json["created_at"]?.double ?? 0, fields: fields, marks: marks)
    }

    /// Which of two twins stays. Of equal ages it is the one that the list has first: a server's list is in the order of
    /// creation, while an id tells nothing about it, and the one that was there when its creator looked must stay.
    package func isOlder(than other: ObservedAssistant) -> Bool {
        createdAt < other.createdAt
    }

    /// The display name, which identifies nothing.
    package var name: String? {
        fields[.name]?.string
    }
}

/// What one environment's server holds, as far as the project is concerned.
package struct ObservedState: Hashable, Sendable {
    /// Those with this project's marks, in the order of the server's list.
    package var owned: [ObservedAssistant]
    /// Names and ids of assistants without marks or with another project's, to be counted and hinted at, never touched.
    package var unowned: [Unowned]

    package struct Unowned: Hashable, Sendable {
        package let id: String
        package let name: String?
        /// It carries another project's marks, so it is no candidate for adoption.
        package let isOthers: Bool

        package init(id: String, name: String?, isOthers: Bool = false) {
            self.id = id
            self.name = name
            self.isOthers = isOthers
        }
    }

    /// The oldest assistant with the mark of a key.
    package func oldest(of key: String) -> ObservedAssistant? {
        owned.reduce(nil) { oldest, assistant in
            guard assistant.marks?.key == key else { return oldest }
            return oldest.map { assistant.isOlder(than: $0) ? assistant : $0 } ?? assistant
        }
    }

    package init(owned: [ObservedAssistant] = [], unowned: [Unowned] = []) {
        self.owned = owned
        self.unowned = unowned
    }
}
