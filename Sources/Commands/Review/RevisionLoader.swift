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
            collector: DiagnosticCollector(), fileSystem: fileSystem, root: root, variables: [:],
            unsetVariableSeverity: .warning, namesVariables: true)
        guard fileSystem.exists("\(root)/\(ProjectFile.fileName)") else {
            let nothing = Revision(name: name, project: "", environments: [])
            return Side(revision: nothing, problems: [], isUnusable: false, isAbsent: true)
        }
        return side(name, Project(in: context), context)
    }

    private func side(_ name: String, _ project: Project?, _ context: LoadingContext) -> Side {
        let environments = project.map { project in
            project.file.environments.filter { environment == nil || $0.name == environment }
                .map { self.environment($0, of: project) }
        }
        let errors = context.collector.sorted.filter { $0.severity == .error }
        let hasProjectErrors = errors.contains { $0.range?.file == ProjectFile.fileName }
        return Side(
            revision: Revision(name: name, project: project?.file.name ?? "", environments: environments ?? []),
            problems: errors.map { Review.Problem(revision: name, $0) }, isUnusable: hasProjectErrors, isAbsent: false)
    }

    private func environment(_ environment: EnvironmentSpec, of project: Project) -> Revision.Environment {
        let readings = project.readings(for: environment)
        return Revision.Environment(
            name: environment.name,
            desired: project.desiredState(of: readings.compactMap(\.spec), in: environment),
            unreadableKeys: Set(readings.filter { $0.spec == nil }.map(\.key)),
            settings: settings(environment))
    }

    /// What decides where an apply goes and what it may do there.
    private func settings(_ environment: EnvironmentSpec) -> [String: String] {
        var settings = ["namespace": environment.namespace, "protected": "\(environment.isProtected)"]
        settings["base_url"] = environment.baseURL?.value
        settings["auth_header"] = environment.authHeader
        return settings
    }
}
