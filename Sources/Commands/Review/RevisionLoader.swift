import Diagnostics
import Foundation
import Planning
import Reporting
import Specs
import States

/// Reads the specs of one side of a comparison: a revision of git, or the files as they are.
struct RevisionLoader {
    /// Environments to compare; all when nil.
    let environment: String?

    /// A side that was read, as far as it could be.
    struct Side {
        let revision: Revision
        let problems: [Review.Problem]
        /// The project file itself cannot be used, so nothing can be compared.
        let isUnusable: Bool
        /// There is no project on this side.
        let isAbsent: Bool
        /// It declares stores.
        var hasKnowledge = false
    }

    /// Reads one side.
    ///
    /// - Parameters:
    ///   - name: as the user named it.
    ///   - fileSystem: its files.
    ///   - root: the project's folder there.
    /// - Returns: what loads, and what does not.
    func side(_ name: String, _ fileSystem: some FileSystem, root: String) -> Side {
        let context = LoadingContext(
            collector: DiagnosticCollector(), fileSystem: fileSystem, root: root, variables: .named)
        guard fileSystem.exists("\(root)/\(ProjectFile.fileName)") else {
            let nothing = Revision(name: name, project: "", environments: [])
            return Side(revision: nothing, problems: [], isUnusable: false, isAbsent: true)
        }
        do throws(ProjectProblems) {
            return side(name, try Project(in: context))
        } catch {
            let nothing = Revision(name: name, project: "", environments: [])
            let errors = error.diagnostics.filter { $0.severity == .error }
            return Side(
                revision: nothing, problems: errors.map { Review.Problem(revision: name, $0) }, isUnusable: true,
                isAbsent: false)
        }
    }

    private func side(_ name: String, _ project: Project) -> Side {
        let names = project.file.environmentNames.filter { environment == nil || $0 == environment }
        let surveys = names.compactMap(project.survey)
        let errors = surveys.flatMap(\.problems).inOrder
        let hasProjectErrors = errors.contains { $0.range?.file == ProjectFile.fileName }
        return Side(
            revision: Revision(name: name, project: project.file.name, environments: surveys.map(environment)),
            problems: errors.map { Review.Problem(revision: name, $0) }, isUnusable: hasProjectErrors, isAbsent: false,
            hasKnowledge: surveys.contains(where: \.hasKnowledge))
    }

    private func environment(_ survey: ProjectSurvey) -> Revision.Environment {
        Revision.Environment(
            name: survey.environment.name, desired: survey.desired, unreadableKeys: survey.unreadableKeys,
            settings: settings(survey.environment))
    }

    /// What decides where an apply goes and what it may do there.
    private func settings(_ environment: EnvironmentSpec) -> [String: String] {
        var settings = ["namespace": environment.namespace, "protected": "\(environment.isProtected)"]
        settings["base_url"] = environment.baseURL?.value
        settings["auth_header"] = environment.authHeader
        return settings
    }
}
