import States

/// What tests know files by that an apply has uploaded.
package enum UploadedName {
    /// The name of an uploaded file as its project calls it.
    package static func unmarked(_ name: String) -> String {
        FileMark.removed(from: name)
    }

    /// The attribute of a store's entry that holds the path in the project.
    package static let pathAttribute = EntryMarks.pathKey
}
