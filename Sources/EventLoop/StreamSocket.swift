import CPlatform

/// Non-blocking TCP sockets, as the loop's users need them. None of these raises SIGPIPE or blocks.
package enum StreamSocket {
    /// What a read or write came to.
    package enum Outcome: Hashable, Sendable {
        /// So many bytes; for a read never 0.
        case bytes(Int)
        /// The peer has finished sending (reads only).
        case end
        /// Nothing to read, or no room to write, now.
        case wouldBlock
        /// Broken: reset, timed out. The system's error number.
        case failed(Int32)
    }

    package enum Accepted: Hashable, Sendable {
        /// The address is empty for a unix socket's peer.
        case connection(descriptor: Int32, peerAddress: String)
        /// Nobody is waiting.
        case none
        /// That one went away before it was accepted; the next one may be fine.
        case skipped
        /// No descriptors or memory left: wait before trying again.
        case exhausted(Int32)
    }

    /// Binds and listens on a numeric address, or on `localhost`.
    /// - Throws: `EventLoopError` with the system's reason.
    package static func listen(host: String, port: Int, backlog: Int) throws(EventLoopError) -> (
        descriptor: Int32, port: Int
    ) {
        let address = host == "localhost" ? "127.0.0.1" : host
        guard let number = UInt16(exactly: port) else {
            throw EventLoopError(operation: "listen on \(host):\(port)", errorNumber: 22)
        }
        var bound: UInt16 = 0
        let descriptor = forma3d_listen(address, number, Int32(clamping: backlog), &bound)
        guard descriptor >= 0 else {
            throw EventLoopError(operation: "listen on \(host):\(port)", errorNumber: -descriptor)
        }
        return (descriptor, Int(bound))
    }

    /// Binds and listens on a unix socket. A socket file that a dead process has left is replaced.
    /// - Parameter mode: of the file, `0o660` for the user and the group.
    /// - Throws: `EventLoopError` with the system's reason.
    package static func listen(path: String, mode: UInt32, backlog: Int) throws(EventLoopError) -> Int32 {
        let descriptor = forma3d_listen_unix(path, Int32(clamping: backlog), mode)
        guard descriptor >= 0 else {
            throw EventLoopError(operation: "listen on \(path)", errorNumber: -descriptor)
        }
        return descriptor
    }

    package static func removeSocketFile(_ path: String) {
        forma3d_unlink(path)
    }

    /// A descriptor to hold in reserve, so that a connection can be refused in words when no others are left; nil when
    /// there is none to be had.
    package static func openReserve() -> Int32? {
        let descriptor = forma3d_open_reserve()
        return descriptor >= 0 ? descriptor : nil
    }

    /// Takes the next waiting connection; `TCP_NODELAY` is set.
    package static func accept(_ listener: Int32) -> Accepted {
        var address = [CChar](repeating: 0, count: Int(FORMA3D_ADDRESS_BYTES))
        let descriptor = forma3d_accept(listener, &address)
        if descriptor >= 0 {
            let text = String(decoding: address.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return .connection(descriptor: descriptor, peerAddress: text)
        }
        switch -descriptor {
        case 11: return .none
        // EMFILE, ENFILE, ENOBUFS, ENOMEM.
        case 24, 23, 105, 12: return .exhausted(-descriptor)
        // accept(2): pending network errors of the new connection (ECONNABORTED, EPROTO, ENETDOWN, …) are its own.
        default: return .skipped
        }
    }

    package static func receive(_ descriptor: Int32, into buffer: ReceiveBuffer) -> Outcome {
        // SAFETY: the kernel writes at most as many bytes as the buffer has, during this call only.
        let count = forma3d_receive(descriptor, buffer.bytes.baseAddress, buffer.bytes.count)
        return count == 0 ? .end : outcome(count)
    }

    /// Sends what fits of the bytes from `offset` on.
    package static func send(_ descriptor: Int32, _ bytes: [UInt8], from offset: Int) -> Outcome {
        precondition((0...bytes.count).contains(offset))
        // SAFETY: the kernel reads the bytes from `offset`, checked above, to the array's end, during this call only.
        return bytes.withUnsafeBytes { all in
            let rest = UnsafeRawBufferPointer(rebasing: all[offset...])
            return outcome(forma3d_send(descriptor, rest.baseAddress, rest.count))
        }
    }

    /// Sends what fits of two pieces as if they were one.
    package static func send(
        _ descriptor: Int32, _ first: [UInt8], from firstOffset: Int, then second: [UInt8], from secondOffset: Int
    ) -> Outcome {
        precondition((0...first.count).contains(firstOffset) && (0...second.count).contains(secondOffset))
        // SAFETY: the kernel reads both arrays from their offsets, checked above, to their ends, during this call only.
        return first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                let first = UnsafeRawBufferPointer(rebasing: first[firstOffset...])
                let second = UnsafeRawBufferPointer(rebasing: second[secondOffset...])
                return outcome(
                    forma3d_send_two(descriptor, first.baseAddress, first.count, second.baseAddress, second.count))
            }
        }
    }

    package static func finishSending(_ descriptor: Int32) {
        _ = forma3d_shutdown_write(descriptor)
    }

    /// Closes with a reset: the peer sees a failure, not a complete answer.
    package static func abort(_ descriptor: Int32) {
        forma3d_reset_on_close(descriptor)
        _ = forma3d_close(descriptor)
    }

    package static func close(_ descriptor: Int32) {
        _ = forma3d_close(descriptor)
    }

    private static func outcome(_ count: Int) -> Outcome {
        if count >= 0 { return .bytes(count) }
        // EAGAIN.
        return count == -11 ? .wouldBlock : .failed(Int32(-count))
    }
}
