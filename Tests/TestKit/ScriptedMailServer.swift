import Glibc
import Synchronization

/// A mail server over a real socket that does exactly what a test tells it at each step of a session.
///
/// One blocking thread a connection; listens on 127.0.0.1.
package final class ScriptedMailServer: Sendable {
    package enum Step: Hashable, Sendable {
        case connected
        /// One command without its line end.
        case command(String)
        /// What came between the 354 and the final dot.
        case content(String)

        /// `MAIL`, `RCPT`, …; `.` for the content.
        package var verb: String {
            switch self {
            case .connected: ""
            case .command(let line): String(line.prefix { $0 != " " }).uppercased()
            case .content: "."
            }
        }
    }

    package enum Reply: Sendable {
        /// The answer, its lines without line ends.
        case say([String])
        /// What a decent server says.
        case usual
        case hangUp
        /// Nothing, until the server is stopped.
        case silence
    }

    package typealias Script = @Sendable (Step) -> Reply

    private struct State {
        var steps: [Step] = []
        var connections: [Int32] = []
        var isStopped = false
    }

    package let port: Int
    private let listener: Int32
    private let extensions: [String]
    private let script: Script
    private let state = Mutex(State())

    /// - Parameter extensions: what EHLO offers.
    package init(extensions: [String] = ["SIZE 1000000", "8BITMIME"], _ script: @escaping Script) throws {
        self.script = script
        self.extensions = extensions
        (listener, port) = try ScriptedServer.listening()
        ScriptedServer.onThread { self.acceptAll() }
    }

    package var steps: [Step] { state.withLock(\.steps) }
    package var contents: [String] {
        steps.compactMap { step in if case .content(let text) = step { text } else { nil } }
    }

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
            let isStopped = state.withLock { state in
                state.connections.append(descriptor)
                return state.isStopped
            }
            guard !isStopped else { break }
            ScriptedServer.onThread { self.serve(descriptor) }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32) {
        defer { shutdown(descriptor, Int32(SHUT_RDWR)) }
        var buffer: [UInt8] = []
        guard answer(.connected, descriptor) else { return }
        while let line = read(upTo: "\r\n", descriptor, &buffer) {
            let step = Step.command(line)
            guard answer(step, descriptor), step.verb != "QUIT" else { return }
            guard step.verb == "DATA", case .usual = script(step) else { continue }
            guard let content = read(upTo: "\r\n.\r\n", descriptor, &buffer), answer(.content(content), descriptor)
            else { return }
        }
    }

    private func answer(_ step: Step, _ descriptor: Int32) -> Bool {
        state.withLock { $0.steps.append(step) }
        switch script(step) {
        case .say(let lines): write(lines, descriptor)
        case .usual: write(usual(step), descriptor)
        case .hangUp: return false
        case .silence:
            var piece = [UInt8](repeating: 0, count: 4_096)
            while recv(descriptor, &piece, piece.count, 0) > 0 {}
            return false
        }
        return true
    }

    private func usual(_ step: Step) -> [String] {
        switch step.verb {
        case "": ["220 scripted.example ready"]
        case "EHLO": (["scripted.example"] + extensions).map { "250-\($0)" } + ["250 HELP"]
        case "DATA": ["354 go on"]
        case "QUIT": ["221 bye"]
        case "AUTH": ["235 welcome"]
        default: ["250 ok"]
        }
    }

    private func read(upTo end: String, _ descriptor: Int32, _ buffer: inout [UInt8]) -> String? {
        while true {
            if let range = buffer.firstRange(of: Array(end.utf8)) {
                let text = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeFirst(range.upperBound)
                return text
            }
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            buffer += piece[..<count]
        }
    }

    private func write(_ lines: [String], _ descriptor: Int32) {
        let bytes = Array(lines.map { $0 + "\r\n" }.joined().utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
