import Glibc

/// A TCP client that sends exactly the bytes it is told to: what a well-behaved client library never would.
package final class RawClient {
    private let descriptor: Int32
    package private(set) var received: [UInt8] = []
    package private(set) var hasEnded = false
    package private(set) var wasReset = false

    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            // SAFETY: the kernel reads a sockaddr_in through a sockaddr pointer, as its length says.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Refused(errorNumber: errno) }
        // Piece by piece as the test sends them, not as Nagle would have it.
        var option: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &option, socklen_t(MemoryLayout<Int32>.size))
    }

    /// A unix socket.
    package init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            // SAFETY: the kernel reads a sockaddr_un through a sockaddr pointer, as its length says.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Refused(errorNumber: errno) }
    }

    /// One end of a socket pair; closed with the client.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    package struct Refused: Error { package let errorNumber: Int32 }

    package var text: String { String(decoding: received, as: UTF8.self) }

    package func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Sends what the peer takes; a broken connection ends it silently, as the test looks at what came back.
    package func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Sends what fits without waiting. - Returns: how many bytes that were.
    package func sendWhatFits(_ bytes: [UInt8]) -> Int {
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        return max(0, count)
    }

    /// What has come is dropped: for a client that only floods.
    package func forget() {
        poll()
        received = []
    }

    /// The kernel holds little for this client: a server's answers back up soon.
    package func shrinkReceiveBuffer() {
        var bytes: Int32 = 2_048
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// What has come and is not taken yet.
    package var bytesWaiting: Int {
        var buffer: UInt8 = 0
        return max(0, recv(descriptor, &buffer, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)))
    }

    /// Makes the close a reset, as of a process that was killed with data unread.
    package func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    package func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Takes what has come, without waiting.
    package func poll() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !hasEnded {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 {
                hasEnded = true
            } else if errno == EAGAIN {
                return
            } else {
                hasEnded = true
                wasReset = true
            }
        }
    }

    package func waitForEnd(within limit: Duration = .seconds(10)) async throws {
        try await eventually(within: limit, "the server closes; so far: \(text.prefix(300))") {
            poll()
            return hasEnded
        }
    }

    package func wait(for fragment: String, within limit: Duration = .seconds(10)) async throws {
        try await eventually(within: limit, "\(fragment) arrives; so far: \(text.prefix(300))") {
            poll()
            return text.contains(fragment)
        }
    }

    /// Waits for so many whole answers (each with a length) and gives them, in order.
    package func answers(_ count: Int, toHead: Bool = false, within limit: Duration = .seconds(10)) async throws
        -> [Answer]
    {
        var answers: [Answer] = []
        try await eventually(within: limit, "\(count) answers; so far: \(text.prefix(500))") {
            poll()
            answers = Answer.all(in: received, withoutBodies: toHead)
            return answers.count >= count
        }
        return answers
    }

    package func answer(toHead: Bool = false) async throws -> Answer {
        try await answers(1, toHead: toHead)[0]
    }
}

/// One answer as it came over the wire.
package struct Answer {
    package var status = 0
    package var fields: [(name: String, value: String)] = []
    package var body = ""

    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    package static func all(in bytes: [UInt8], withoutBodies: Bool) -> [Answer] {
        var rest = bytes[...]
        var answers: [Answer] = []
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            var answer = Answer()
            answer.status = Int(lines[0].split(separator: " ")[1]) ?? 0
            answer.fields = lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts[1].trimmingPrefix(" ").description)
            }
            rest = rest[end.upperBound...]
            if answer.status == 100 { continue }
            let length = withoutBodies ? 0 : Int(answer["content-length"] ?? "0") ?? 0
            guard rest.count >= length else { break }
            answer.body = String(decoding: rest.prefix(length), as: UTF8.self)
            rest = rest.dropFirst(length)
            answers.append(answer)
        }
        return answers
    }
}
