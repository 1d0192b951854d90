import ArgumentParser
import Diagnostics
import Foundation
import JSONModel
import Reporting
import Specs

struct ValidateCommand: MusterSubcommand {
    /// How problems are told.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, github, sarif
    }

    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks every file of the project, without a server.",
        discussion: """
            muster validate
            muster validate --format github
            muster validate --format sarif > problems.sarif
            """)

    @Option(help: "How to tell problems: text, json, github (annotations) or sarif.")
    var format = Format.text

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let root = try OpenedProject.find(common.directory)
        let result = Self.load(root)
        let diagnostics = result.diagnostics
        let hasErrors = diagnostics.contains { $0.severity == .error }
        let document = DiagnosticDocument(folder: OpenedProject.folder(root))
        switch format {
        case .text:
            if hasErrors { throw OpenedProject.report(diagnostics, root, console) }
            if !diagnostics.isEmpty { console.problem(OpenedProject.text(root, console).text(diagnostics)) }
            if let project = result.loaded.last { console.print(Self.summary(project)) }
        case .json: console.print(document.json(diagnostics).text(.pretty))
        case .github: console.printPart(document.github(diagnostics))
        case .sarif: console.print(document.sarif(diagnostics, version: Version.number).text(.pretty))
        }
        if hasErrors { throw ExitStatus.failed.code }
    }

    /// Loads the project for every environment, one after the other, by the road that every command takes.
    private static func load(_ root: URL) -> (loaded: [LoadedProject], diagnostics: [Diagnostic]) {
        var loaded: [LoadedProject] = []
        var diagnostics: [Diagnostic] = []
        do throws(ProjectProblems) {
            let project = try Project(in: OpenedProject.context(root, .wanted(ProcessInfo.processInfo.environment)))
            for name in project.file.environmentNames {
                do throws(ProjectProblems) {
                    let one = try project.load(for: .named(name))
                    loaded.append(one)
                    diagnostics += one.warnings
                } catch {
                    diagnostics += error.diagnostics
                }
            }
        } catch {
            diagnostics += error.diagnostics
        }
        return (loaded, diagnostics.inOrder)
    }

    /// What was seen, and what was not looked at.
    private static func summary(_ project: LoadedProject) -> String {
        let count = project.assistants.count
        let environments = project.file.environmentNames.joined(separator: ", ")
        let stores = project.knowledge.count
        let knowledge = stores == 0 ? "" : " and \(stores) \(stores == 1 ? "store" : "stores") of knowledge"
        let valid =
            "Valid: \(count) \(count == 1 ? "assistant" : "assistants")\(knowledge) for \(environments) in project "
            + "\(DisplayText.inert(project.file.name))."
        guard !project.unread.isEmpty else { return valid }
        let shown = project.unread.prefix(Self.shownUnread).map { file in
            "  \(DisplayText.inert(file.path)): \(DisplayText.inert(file.reason))"
        }
        let rest = project.unread.count - shown.count
        return ([valid, "Not read:"] + shown + (rest > 0 ? ["  … and \(rest) more"] : [])).joined(separator: "\n")
    }

    /// Files that are named one by one.
    private static let shownUnread = 20
}
