import AssistantsClient
import Specs

extension NetworkSettings {
    /// The way to an environment's server: what `muster.yaml` says, and what the machine's variables say where it does not.
    ///
    /// - Parameters:
    ///   - spec: of the environment.
    ///   - variables: of the process.
    /// - Throws: ``AssistantsError`` for a proxy of another kind; ``CommandFailure`` for a file that cannot be read.
    init(_ spec: NetworkSpec, _ variables: [String: String]) throws {
        switch spec.proxy {
        case .ofVariables: try self.init(environment: variables)
        case .none: try self.init(environment: variables.filter { !$0.key.lowercased().hasSuffix("_proxy") })
        case .server(let address):
            var others = variables.filter {
                !$0.key.lowercased().hasSuffix("_proxy") || $0.key.lowercased() == "no_proxy"
            }
            others["HTTPS_PROXY"] = address
            try self.init(environment: others)
        }
        if let file = spec.authorities {
            authorities = .certificates(try Self.contents(file, "ca_file"), name: Self.name(file))
        }
        if let pair = spec.certificate {
            certificate = ClientCertificate(
                certificate: try Self.contents(pair.certificate, "client_certificate"),
                key: try Self.contents(pair.key, "client_key"), name: Self.name(pair.certificate))
        }
    }

    private static func name(_ file: NetworkSpec.PEM) -> String {
        switch file {
        case .contents(_, let path), .file(let path): path
        }
    }

    private static func contents(_ file: NetworkSpec.PEM, _ setting: String) throws -> [UInt8] {
        switch file {
        case .contents(let bytes, _): return bytes
        case .file(let path):
            do throws(FileProblem) {
                return try DiskFileSystem().read(path, limit: 4 << 20)
            } catch {
                throw CommandFailure(.failed, "\(setting) names \(path), which cannot be read: \(error.sentence)")
            }
        }
    }
}
