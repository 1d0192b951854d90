import Diagnostics
package import States

extension LoadedProject {
    /// The file of each assistant's spec, relative to the project's folder.
    package var files: [AssistantKey: String] {
        Dictionary(assistants.map { ($0.key, $0.spec.key.range.file) }) { first, _ in first }
    }
}
