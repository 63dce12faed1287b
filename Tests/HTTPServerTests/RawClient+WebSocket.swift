import HTTPWire
import TestKit

/// What a server has sent as one frame.
struct ServerFrame: Equatable {
    var opcode: UInt8
    var isFinal = true
    var isCompressed = false
    var payload: [UInt8]

    static func text(_ text: String) -> ServerFrame { ServerFrame(opcode: 1, payload: Array(text.utf8)) }
    static func binary(_ payload: [UInt8]) -> ServerFrame { ServerFrame(opcode: 2, payload: payload) }
    static func pong(_ text: String) -> ServerFrame { ServerFrame(opcode: 10, payload: Array(text.utf8)) }
    static func close(_ code: UInt16, _ reason: String = "") -> ServerFrame {
        ServerFrame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    /// The code of a close frame.
    var closeCode: UInt16? { opcode == 8 && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil }
}

extension RawClient {
    static let handshake =
        "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

    /// Opens a WebSocket, with more lines in the request or frames right behind it.
    func openWebSocket(_ lines: String = "", rest: [UInt8] = []) async throws {
        send(Array((Self.handshake + lines + "\r\n").utf8) + rest)
        try await wait(for: "\r\n\r\n")
        try require101(text)
    }

    private func require101(_ text: String) throws {
        guard text.hasPrefix("HTTP/1.1 101 ") else { throw NoWebSocket(answer: text) }
    }

    struct NoWebSocket: Error { let answer: String }

    func send(
        _ opcode: WebSocketFrame.Opcode, _ payload: [UInt8] = [], isFinal: Bool = true, isCompressed: Bool = false
    ) {
        send(Self.frame(opcode, payload, isFinal: isFinal, isCompressed: isCompressed))
    }

    static func frame(
        _ opcode: WebSocketFrame.Opcode, _ payload: [UInt8] = [], isFinal: Bool = true, isCompressed: Bool = false
    ) -> [UInt8] {
        var output: [UInt8] = []
        WebSocketFrame.append(
            opcode, payload[...], isFinal: isFinal, isCompressed: isCompressed, mask: 0x1234_5678, to: &output)
        return output
    }

    static func text(_ text: String) -> [UInt8] { frame(.text, Array(text.utf8)) }
    static func closeFrame(_ code: UInt16) -> [UInt8] { frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)]) }

    /// The whole frames so far.
    var frames: [ServerFrame] {
        guard let head = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
        var rest = received[head.upperBound...]
        var frames: [ServerFrame] = []
        while rest.count >= 2 {
            let start = rest.startIndex
            let short = Int(rest[start + 1])
            let extended = short == 126 ? 2 : short == 127 ? 8 : 0
            guard rest.count >= 2 + extended else { break }
            let length =
                extended == 0 ? short : rest[(start + 2)..<(start + 2 + extended)].reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 2 + extended + length else { break }
            frames.append(
                ServerFrame(
                    opcode: rest[start] & 0x0F, isFinal: rest[start] & 0x80 != 0, isCompressed: rest[start] & 0x40 != 0,
                    payload: Array(rest[(start + 2 + extended)...].prefix(length))))
            rest = rest.dropFirst(2 + extended + length)
        }
        return frames
    }

    /// Waits for so many frames and gives them all.
    func frames(_ count: Int, within limit: Duration = .seconds(10)) async throws -> [ServerFrame] {
        var all: [ServerFrame] = []
        try await eventually(within: limit, "\(count) frames; so far \(all.count), \(received.count) bytes") {
            poll()
            all = frames
            return all.count >= count
        }
        return all
    }
}
