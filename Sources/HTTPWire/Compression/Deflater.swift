import CZlib

/// One deflate stream. Owns about 2^(windowBits+2) + 2^(memoryLevel+9) bytes (256 KiB at most) until it is dropped.
// SAFETY: the struct has one owner at a time and its methods are mutating, so that never two threads are inside zlib
// with the same state; `stream` is allocated once, never handed out and freed once, as zlib needs it not to move.
package struct Deflater: ~Copyable, @unchecked Sendable {
    /// What has to be in the output when a call returns.
    package enum Flush: Hashable, Sendable {
        /// Whatever zlib thinks best.
        case none
        /// Everything so far, ending at a byte with an empty block (00 00 FF FF).
        case sync
        /// Everything, and the end of the stream.
        case finish

        fileprivate var code: Int32 {
            switch self {
            case .none: Z_NO_FLUSH
            case .sync: Z_SYNC_FLUSH
            case .finish: Z_FINISH
            }
        }
    }

    private static let pieceBytes = 16_384

    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameters:
    ///   - level: 1 (fast) to 9 (small).
    ///   - memoryLevel: 1 to 9, zlib's `memLevel`.
    /// - Throws: `CompressionFailure.unavailable`; a raw window of 8 bits is one that zlib does not have.
    package init(
        format: CompressionFormat, level: Int = 6, memoryLevel: Int = 8
    ) throws(CompressionFailure) {
        let made = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        made.initialize(to: z_stream())
        let result = forma3d_deflate_init(
            made, Int32(clamping: level), format.zlibWindowBits, Int32(clamping: memoryLevel))
        guard result == Z_OK else {
            made.deallocate()
            throw .unavailable
        }
        // Last, so that the deinit never runs for a state that zlib did not make.
        stream = made
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses all of the input and appends what comes out.
    package mutating func compress(
        _ input: ArraySlice<UInt8>, flush: Flush, into output: inout [UInt8]
    ) throws(CompressionFailure) {
        // SAFETY: zlib reads `avail_in` bytes of the input and writes `avail_out` bytes of the piece, both of which
        // outlive the calls; the pointers are cleared before they end.
        let isFine = input.withUnsafeBufferPointer { source in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.pieceBytes) { piece in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = UInt32(clamping: source.count)
                defer {
                    stream.pointee.next_in = nil
                    stream.pointee.next_out = nil
                }
                var result = Z_OK
                repeat {
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = UInt32(Self.pieceBytes)
                    result = deflate(stream, flush.code)
                    let count = Self.pieceBytes - Int(stream.pointee.avail_out)
                    output.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<count]))
                } while result == Z_OK && stream.pointee.avail_out == 0
                // Z_BUF_ERROR: there was nothing to do, no fault.
                return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR
            }
        }
        guard isFine, stream.pointee.avail_in == 0 else { throw .unavailable }
    }

    /// Forgets everything compressed so far; the settings stay.
    package mutating func reset() {
        deflateReset(stream)
    }
}
