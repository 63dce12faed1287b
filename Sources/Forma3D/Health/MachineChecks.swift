import FoundationEssentials
import Glibc

/// The machine under the server: space for data, descriptors for connections.
package enum MachineChecks {
    static let freeBytesMinimum: UInt64 = 100 * 1_024 * 1_024
    static let freeBytesComfortable: UInt64 = 1_024 * 1_024 * 1_024
    static let descriptorsComfortable = 4_096

    package static func all(settings: Settings) -> [Check] {
        [
            Check("settings", uses: [.doctor]) {
                settings.warnings.isEmpty
                    ? .ok("complete for \(settings.appEnv.rawValue)")
                    : .warning(settings.warnings.joined(separator: " "))
            },
            Check("disk", uses: [.doctor]) { disk(at: settings.dataDir) },
            Check("file descriptors", uses: [.doctor]) { descriptors(ProcessSetup.descriptorLimit) },
        ]
    }

    /// Free space where `path`, or the nearest folder above it that exists, lies.
    static func disk(at path: String) -> CheckResult {
        var folder = path.hasPrefix("/") ? path : "./" + path
        var figures = statvfs()
        while statvfs(folder, &figures) != 0 {
            guard errno == ENOENT, folder != "/", let slash = folder.lastIndex(of: "/") else {
                return .failed("cannot look at the data folder")
            }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        }
        return disk(freeBytes: UInt64(figures.f_bavail) * UInt64(figures.f_frsize))
    }

    static func disk(freeBytes: UInt64) -> CheckResult {
        let shown = "\(freeBytes / 1_024 / 1_024) MiB free"
        if freeBytes < freeBytesMinimum { return .failed("\(shown): the database will stop") }
        return freeBytes < freeBytesComfortable ? .warning("\(shown): make room soon") : .ok(shown)
    }

    static func descriptors(_ limit: Int) -> CheckResult {
        limit >= descriptorsComfortable
            ? .ok("\(limit) allowed") : .warning("only \(limit) allowed: raise `ulimit -n` to 4096 or more")
    }
}
