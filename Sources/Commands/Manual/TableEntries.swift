import Diagnostics
import JSONModel
import Specs

extension AssertionType {
    /// The assertion with its parameters, and an example of each verdict.
    var manualEntry: ManualEntry {
        let example = self.example
        let assumption = example.assumption.map { "; \($0)" } ?? ""
        return ManualEntry(
            name: rawValue, subject: .assertion,
            text: [summary] + (needsJudge ? ["It needs judge: in muster.yaml."] : []),
            parts: parameters.map { parameter in
                ManualEntry.Part(
                    term: parameter.key,
                    takes: SchemaKeys.takes(.object(parameter.form.schema))
                        + (parameter.isRequired ? ", required" : ""),
                    meaning: parameter.words)
            },
            example: ManualEntry.Example(
                lead: "Of \(example.turn.words)\(assumption):", language: "yaml",
                lines: ["- \(example.passes)  # passes", "- \(example.fails)  # fails"]))
    }
}

extension DiagnosticCode {
    /// The code with its cause and remedy.
    var manualEntry: ManualEntry {
        ManualEntry(name: rawValue, subject: .diagnostic, text: [cause, remedy])
    }
}

extension ExitStatus {
    /// The number with its meaning.
    var manualEntry: ManualEntry {
        ManualEntry(name: String(rawValue), subject: .exitCode, text: [meaning, remedy].filter { !$0.isEmpty })
    }
}
