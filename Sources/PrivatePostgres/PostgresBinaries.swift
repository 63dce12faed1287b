import Glibc
import Processes

/// One installed version of PostgreSQL's programs.
package struct PostgresBinaries: Hashable, Sendable {
    package let majorVersion: Int
    /// Holds `postgres`, `initdb`, `pg_dump`.
    package let directory: String

    /// DESIGN: PostgreSQL 15 and later.
    package static let majorVersionMinimum = 15

    func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// Every version with a server, newest first.
    static func installed() async -> [PostgresBinaries] {
        var directories = FileFacts.names(in: "/usr/lib/postgresql").map { "/usr/lib/postgresql/\($0)/bin" }
        let searchPath = searchPath()
        if let configuration = searchPath.map({ "\($0)/pg_config" }).first(where: isProgram),
            let answer = try? await RunningProcess.run(Command(configuration, ["--bindir"]))
        {
            directories.append(String(answer.prefix { $0 != "\n" }))
        }
        directories += searchPath
        var found: [Int: PostgresBinaries] = [:]
        for directory in directories where isProgram("\(directory)/postgres") && isProgram("\(directory)/initdb") {
            guard let text = try? await RunningProcess.run(Command("\(directory)/postgres", ["--version"])),
                let version = majorVersion(of: text), found[version] == nil
            else { continue }
            found[version] = PostgresBinaries(majorVersion: version, directory: directory)
        }
        return found.values.sorted { $0.majorVersion > $1.majorVersion }
    }

    /// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is 15.
    static func majorVersion(of text: String) -> Int? {
        guard let word = text.split(separator: " ").first(where: { $0.first?.isNumber ?? false }) else { return nil }
        return PostmasterFile.number(String(word.prefix { $0.isNumber })).map { Int($0) }
    }

    static func searchPath() -> [String] {
        // SAFETY: the environment is not changed after start; the text is copied at once.
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { String($0) }.filter { $0.hasPrefix("/") }
    }

    private static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 && !FileFacts.isDirectory(path) }
}
