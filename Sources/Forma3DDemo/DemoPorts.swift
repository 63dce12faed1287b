import Glibc

/// Two ports of 127.0.0.1 that nobody listens on.
struct DemoPorts: Sendable {
    let server: Int
    let sandbox: Int

    init(server: Int?, sandbox: Int?) throws {
        self.server = try server ?? Self.free()
        self.sandbox = try sandbox ?? Self.free(besides: self.server)
    }

    var serverURL: String { "http://127.0.0.1:\(server)" }
    var sandboxURL: String { "http://127.0.0.1:\(sandbox)" }

    private static func free(besides other: Int? = nil) throws -> Int {
        for _ in 0..<10 {
            if let port = bindToAny(), port != other { return port }
        }
        throw DemoFailure("there is no free port on 127.0.0.1")
    }

    /// The kernel picks one; it is free again when the socket closes, and not handed out again at once.
    private static func bindToAny() -> Int? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the rebound pointer to a sockaddr_in lives for the calls, and its true size is passed along.
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        return isBound ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
