package import Processes

/// Why a revision could not be read.
package enum GitProblem: Error, CustomStringConvertible {
    case noCommitYet
    /// In a shallow clone (git-clone(1), `--depth`) it may just not have been fetched.
    case unknownRevision(String, isShallow: Bool)
    case noCommonAncestor(isShallow: Bool)
    case tooLarge(mebibytes: Int)
    /// git ended well and did not print what its manual says.
    case unusableAnswer
    case failed(ProgramFailure)

    package var description: String {
        switch self {
        case .noCommitYet: "there is no commit yet to compare with"
        case .unknownRevision(let name, _): "git knows no revision \"\(name)\""
        case .noCommonAncestor: "the two revisions have no common ancestor here"
        case .tooLarge(let mebibytes): "the project has more than \(mebibytes) MiB of files"
        case .unusableAnswer: "git does not give the files of the revision"
        case .failed(let failure): "git failed: \(failure)"
        }
    }

    /// What to do next; nil where nothing helps.
    package var help: String? {
        switch self {
        case .noCommitYet: "commit first; muster validate checks the files"
        case .unknownRevision(let name, isShallow: true):
            "this is a shallow clone: fetch it first, with git fetch origin \(name)"
        case .noCommonAncestor(isShallow: true): "a shallow clone may lack it: git fetch --unshallow"
        case .failed: "muster diff compares revisions of a git repository"
        case .unknownRevision, .noCommonAncestor, .tooLarge, .unusableAnswer: nil
        }
    }
}
