import Foundation
import Glibc

/// The other programs of this package, which are built beside this one.
enum SimulatorPrograms {
    /// - Throws: `SimulatorFailure` when it is not built.
    static func path(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folders = ([own] + CommandLine.arguments).map { URL(filePath: $0).deletingLastPathComponent().path() }
        for folder in folders where FileManager.default.isExecutableFile(atPath: folder + name) { return folder + name }
        throw SimulatorFailure("\(name) is not built beside \(own)")
    }

    /// A port that nobody listens on in this moment.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SimulatorFailure("no socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: both calls read or fill exactly one sockaddr_in, which outlives them.
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isBound else { throw SimulatorFailure("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
