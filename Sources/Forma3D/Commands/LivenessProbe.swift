import Glibc

/// One `GET /health/live` over a plain socket: no threads, no libraries, for it runs every 30 seconds in every container.
struct LivenessProbe {
    enum Answer: Hashable {
        case alive
        case failed(String)
    }

    /// For connecting and answering together; below the 5 s that HEALTHCHECK gives.
    static let timeoutSeconds = 4.0

    let host: String
    let port: UInt16

    /// The address to ask when the server listens on `appHost`: every address means loopback too.
    static func host(listeningOn appHost: String) -> String {
        HostName.isIPv4(appHost) && appHost != "0.0.0.0" ? appHost : "127.0.0.1"
    }

    func run() -> Answer {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return .failed("no socket") }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + .seconds(Self.timeoutSeconds)
        guard connectSocket(descriptor, deadline) else { return .failed("nothing listens on \(host):\(port)") }
        let request = Array("GET /health/live HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
        let sent = request.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == request.count else { return .failed("the request could not be sent") }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 512)
        while answer.count < 12 {
            guard wait(descriptor, for: POLLIN, deadline) else { return .failed("no answer within 4 seconds") }
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return .failed("the connection was closed") }
            answer += buffer[..<count]
        }
        let status = String(decoding: answer[9..<12], as: UTF8.self)
        return answer.starts(with: Array("HTTP/1.1 ".utf8)) && status == "200"
            ? .alive : .failed("it answered with status \(status)")
    }

    private func connectSocket(_ descriptor: Int32, _ deadline: ContinuousClock.Instant) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return false }
        // SAFETY: the rebound pointer to a sockaddr_in lives for the call, and its true size is passed along.
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return true }
        guard errno == EINPROGRESS, wait(descriptor, for: POLLOUT, deadline) else { return false }
        var failure: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) == 0 && failure == 0
    }

    private func wait(_ descriptor: Int32, for events: Int32, _ deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return false }
            var poll = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let milliseconds = left.components.seconds * 1_000 + left.components.attoseconds / 1_000_000_000_000_000
            let ready = Glibc.poll(&poll, 1, Int32(clamping: milliseconds + 1))
            if ready > 0 { return true }
            if ready < 0, errno != EINTR { return false }
        }
    }
}
