/// A request body: bytes in hand, or pulled from the connection piece by piece with back pressure.
package struct HTTPBody: Sendable {
    /// Why a body could not be read.
    package enum Failure: Error, Hashable, Sendable {
        /// It is, or announced itself, longer than allowed.
        case tooLarge(limitBytes: Int)
        /// The client went away or broke the framing before the end.
        case incomplete
        /// It came too slowly.
        case timedOut
    }

    /// The announced length, nil for a chunked body.
    package let lengthBytes: Int?
    private let next: @Sendable () async throws -> [UInt8]?

    /// - Parameter next: the next piece, nil at the end; throws `Failure`. Called by one task at a time.
    package init(lengthBytes: Int?, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.lengthBytes = lengthBytes
        self.next = next
    }

    package static let empty = HTTPBody(lengthBytes: 0) { nil }

    package static func bytes(_ bytes: [UInt8]) -> HTTPBody {
        let rest = Once(bytes)
        return HTTPBody(lengthBytes: bytes.count) { await rest.take() }
    }

    package func nextPiece() async throws -> [UInt8]? { try await next() }

    /// The whole body.
    /// - Throws: `Failure.tooLarge` before reading when the announced length says so, else as soon as it is passed.
    package func collect(limitBytes: Int) async throws -> [UInt8] {
        if let lengthBytes, lengthBytes > limitBytes { throw Failure.tooLarge(limitBytes: limitBytes) }
        var whole: [UInt8] = []
        while let piece = try await next() {
            guard whole.count + piece.count <= limitBytes else { throw Failure.tooLarge(limitBytes: limitBytes) }
            if whole.isEmpty { whole = piece } else { whole += piece }
        }
        return whole
    }

    private actor Once {
        private var bytes: [UInt8]?
        init(_ bytes: [UInt8]) { self.bytes = bytes.isEmpty ? nil : bytes }
        func take() -> [UInt8]? {
            defer { bytes = nil }
            return bytes
        }
    }
}
