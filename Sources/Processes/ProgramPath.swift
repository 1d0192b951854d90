import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Finds the file of a program as shells do.
enum ProgramPath {
    /// The path to start: a name with a slash as it stands, relative to `folder`; a bare name from `path`.
    ///
    /// - Parameters:
    ///   - name: as a person wrote it.
    ///   - path: the value of `PATH`; nil means the system's usual folders.
    ///   - folder: what relative paths begin at; nil is the working directory.
    /// - Returns: nil when there is no such program.
    static func find(_ name: String, path: String?, folder: String?) -> String? {
        if name.contains("/") {
            let place = absolute(name, in: folder)
            return isFile(place) ? place : nil
        }
        guard !name.isEmpty else { return nil }
        let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return folders.lazy.map { absolute("\($0)/\(name)", in: folder) }.first { isFile($0) && access($0, X_OK) == 0 }
    }

    private static func absolute(_ path: String, in folder: String?) -> String {
        let here = FileManager.default.currentDirectoryPath
        return [folder ?? "", path].reduce(here) { $1.hasPrefix("/") ? $1 : $1.isEmpty ? $0 : "\($0)/\($1)" }
    }

    private static func isFile(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }
}
