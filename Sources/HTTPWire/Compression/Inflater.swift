import CZlib

/// One inflate stream. Owns up to 2^windowBits + 10,000 bytes until it is dropped.
// SAFETY: as for `Deflater`: one owner, mutating methods, a state that never moves.
package struct Inflater: ~Copyable, @unchecked Sendable {
    private static let pieceBytes = 16_384

    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the deflated data has said that it ends.
    package private(set) var hasEnded = false

    /// - Throws: `CompressionFailure.unavailable`.
    package init(format: CompressionFormat) throws(CompressionFailure) {
        let made = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        made.initialize(to: z_stream())
        guard forma3d_inflate_init(made, format.zlibWindowBits) == Z_OK else {
            made.deallocate()
            throw .unavailable
        }
        // Last, as in `Deflater`.
        stream = made
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates the input and appends what comes out, a piece at a time: a kilobyte that would become a megabyte is
    /// stopped at the limit, not after it.
    /// - Parameter outputBytesMaximum: how long `output` may become in all.
    /// - Returns: how many bytes of the input were used; less than all only when the deflated data has ended.
    /// - Throws: `CompressionFailure.tooLarge` and `.malformed`; the stream is of no use then, and `output` holds what
    ///   came before.
    package mutating func inflate(
        _ input: ArraySlice<UInt8>, into output: inout [UInt8], outputBytesMaximum: Int
    ) throws(CompressionFailure) -> Int {
        var failure: CompressionFailure?
        var usedCount = 0
        var isAtEnd = hasEnded
        // SAFETY: as in `Deflater.compress`.
        input.withUnsafeBufferPointer { source in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.pieceBytes) { piece in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = UInt32(clamping: source.count)
                defer {
                    stream.pointee.next_in = nil
                    stream.pointee.next_out = nil
                }
                repeat {
                    guard !isAtEnd else { break }
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = UInt32(Self.pieceBytes)
                    let result = CZlib.inflate(stream, Z_NO_FLUSH)
                    let count = Self.pieceBytes - Int(stream.pointee.avail_out)
                    let room = max(0, outputBytesMaximum - output.count)
                    output.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<min(count, room)]))
                    guard count <= room else {
                        failure = .tooLarge
                        break
                    }
                    isAtEnd = result == Z_STREAM_END
                    // Z_BUF_ERROR: it wants more input, no fault.
                    guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
                        failure = result == Z_MEM_ERROR ? .unavailable : .malformed
                        break
                    }
                } while stream.pointee.avail_out == 0
                usedCount = source.count - Int(stream.pointee.avail_in)
            }
        }
        hasEnded = isAtEnd
        if let failure { throw failure }
        return usedCount
    }

    /// Whether what comes next must be the rest of an empty block, 00 00 FF FF: where a sync flush has cut it off.
    package var isBeforeEmptyBlock: Bool { inflateSyncPoint(stream) == 1 }

    /// Goes on after the data has said that it ends; what came before it can still be referred to.
    package mutating func continueAfterEnd() {
        inflateResetKeep(stream)
        hasEnded = false
    }

    /// Begins a new stream; the settings stay.
    package mutating func reset() {
        inflateReset(stream)
        hasEnded = false
    }
}
