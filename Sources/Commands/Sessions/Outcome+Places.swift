import Diagnostics
import Reports
import Specs

extension ApplyReport.Outcome {
    /// What failed, with the line of the spec that says what the server refused.
    ///
    /// - Parameter project: its specs.
    /// - Returns: the outcome; unchanged where the server does not say what it refused, or no spec says it.
    func located(in project: LoadedProject) -> ApplyReport.Outcome {
        guard let refused, let message, let place = project.assistant(key)?.spec.places[refused] else { return self }
        return ApplyReport.Outcome(
            key: key, id: id, status: status,
            message: "\(message) It is written at \(place.file):\(place.start.line).")
    }
}
