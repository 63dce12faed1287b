import Glibc
import Synchronization

/// A far side over a real socket that does exactly what a test tells it, also what no decent server would do: half an
/// answer, silence, a connection closed at the wrong moment.
///
/// One blocking thread a connection; listens on 127.0.0.1.
package final class ScriptedServer: Sendable {
    /// A request as it came.
    package struct Received: Sendable {
        /// Counts connections from 0 in the order they were made.
        package let connection: Int
        package let method: String
        /// Path and query.
        package let target: String
        /// Names in lower case.
        package let fields: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package enum Reply: Sendable {
        /// A complete answer; the connection stays open.
        case answer(status: Int, fields: [String: String], body: [UInt8])
        /// These bytes, then the end of the connection.
        case raw(String)
        /// The end of the connection without a byte.
        case hangUp
        /// Nothing, until the server is stopped.
        case silence

        package static func json(_ text: String, status: Int = 200, fields: [String: String] = [:]) -> Reply {
            .answer(
                status: status, fields: fields.merging(["content-type": "application/json"]) { own, _ in own },
                body: Array(text.utf8))
        }
    }

    package typealias Script = @Sendable (Received) -> Reply

    private struct State {
        var received: [Received] = []
        var connections: [Int32] = []
        var isStopped = false
    }

    package let port: Int
    private let listener: Int32
    private let script: Script
    private let state = Mutex(State())

    /// - Throws: `ScriptedServerError` when no socket could be opened.
    package init(_ script: @escaping Script) throws {
        self.script = script
        (listener, port) = try Self.listening()
        Self.onThread { self.acceptAll() }
    }

    static func listening() throws -> (listener: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw ScriptedServerError(what: "socket", errno: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: a sockaddr_in is read and written as the sockaddr it begins with, within its size.
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw ScriptedServerError(what: "listen", errno: errno) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    package var received: [Received] { state.withLock(\.received) }

    package var connectionCount: Int { state.withLock(\.connections.count) }

    /// Ends the listener and every connection.
    package func stop() {
        let connections = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped ? [] : state.connections + [listener]
        }
        for descriptor in connections { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func acceptAll() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let (number, isStopped) = state.withLock { state in
                state.connections.append(descriptor)
                return (state.connections.count - 1, state.isStopped)
            }
            guard !isStopped else { break }
            Self.onThread { self.serve(descriptor, number) }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32, _ number: Int) {
        var buffer: [UInt8] = []
        while let request = read(descriptor, number, &buffer) {
            state.withLock { $0.received.append(request) }
            switch script(request) {
            case .answer(let status, let fields, let body):
                var head = "HTTP/1.1 \(status) Scripted\r\ncontent-length: \(body.count)\r\n"
                for (name, value) in fields { head += "\(name): \(value)\r\n" }
                write(descriptor, Array((head + "\r\n").utf8) + body)
                continue
            case .raw(let text): write(descriptor, Array(text.utf8))
            case .hangUp: break
            case .silence: waitForTheEnd(descriptor)
            }
            break
        }
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func waitForTheEnd(_ descriptor: Int32) {
        var piece = [UInt8](repeating: 0, count: 4_096)
        while recv(descriptor, &piece, piece.count, 0) > 0 {}
    }

    private func read(_ descriptor: Int32, _ number: Int, _ buffer: inout [UInt8]) -> Received? {
        while true {
            if let request = Self.request(number, &buffer) { return request }
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            buffer += piece[..<count]
        }
    }

    /// One whole request off the front of the buffer.
    private static func request(_ number: Int, _ buffer: inout [UInt8]) -> Received? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let first = lines.first?.split(separator: " ") ?? []
        guard first.count == 3 else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let length = Int(fields["content-length"] ?? "0") ?? 0
        guard buffer.count >= end.upperBound + length else { return nil }
        let body = Array(buffer[end.upperBound..<end.upperBound + length])
        buffer.removeFirst(end.upperBound + length)
        return Received(
            connection: number, method: String(first[0]), target: String(first[1]), fields: fields, body: body)
    }

    private func write(_ descriptor: Int32, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    static func onThread(_ work: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        // SAFETY: the retained box is taken over by exactly one thread.
        let context = Unmanaged.passRetained(Box(work)).toOpaque()
        var thread = pthread_t()
        let outcome = pthread_create(
            &thread, nil,
            { context in
                // SAFETY: `context` is the box retained above, and this is its one consumer.
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, context)
        precondition(outcome == 0, "no thread for a test server")
        pthread_detach(thread)
    }
}

package struct ScriptedServerError: Error {
    package let what: String
    package let errno: Int32
}
