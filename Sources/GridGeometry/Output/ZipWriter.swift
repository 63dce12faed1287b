import CZlib

/// Writes a ZIP archive (PKWARE APPNOTE 6.3.3 without extensions) in memory, its entries deflated as they come. Times
/// are fixed, so that the same entries are the same archive for one version of zlib.
// SAFETY: the struct has one owner at a time and its methods are mutating, so that never two threads are inside zlib
// with the same state; `stream` is allocated once and freed once, as zlib needs it not to move.
package struct ZipWriter: ~Copyable, @unchecked Sendable {
    package enum Failure: Error, Hashable, Sendable {
        /// zlib has no memory.
        case unavailable
        /// Beyond 4 GiB an archive needs another format.
        case tooLarge
    }

    private struct Entry {
        let name: String
        let offset: Int
        var checksum: UInt = 0
        var size = 0
        var compressedSize = 0
    }

    /// 1 January 1980, the first day that the format knows.
    private static let date: UInt16 = 0x0021
    private static let pieceBytes = 65_536
    private static let localHeaderBytes = 30

    private let stream: UnsafeMutablePointer<z_stream>
    private var output: [UInt8] = []
    private var entries: [Entry] = []

    /// - Parameter level: 1 (fast) to 9 (small).
    package init(level: Int = 6) throws(Failure) {
        let made = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        made.initialize(to: z_stream())
        // A raw stream: the archive has its own checksums.
        guard forma3d_deflate_init(made, Int32(clamping: level), -15, 8) == Z_OK else {
            made.deallocate()
            throw .unavailable
        }
        stream = made
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Starts an entry; the one before must have been ended.
    package mutating func begin(_ name: String) {
        entries.append(Entry(name: name, offset: output.count))
        output.append(contentsOf: [UInt8](repeating: 0, count: Self.localHeaderBytes))
        output.append(contentsOf: name.utf8)
        deflateReset(stream)
    }

    package mutating func append(_ bytes: [UInt8]) throws(Failure) {
        guard !entries.isEmpty else { return }
        let index = entries.count - 1
        entries[index].size += bytes.count
        entries[index].checksum = bytes.withUnsafeBufferPointer { source in
            crc32_z(entries[index].checksum, source.baseAddress, source.count)
        }
        try deflate(bytes, flush: Z_NO_FLUSH)
    }

    package mutating func end() throws(Failure) {
        guard let entry = entries.last else { return }
        try deflate([], flush: Z_FINISH)
        let start = entry.offset + Self.localHeaderBytes + entry.name.utf8.count
        entries[entries.count - 1].compressedSize = output.count - start
        guard output.count <= UInt32.max, entry.size <= UInt32.max else { throw .tooLarge }
        var header: [UInt8] = []
        header.append(littleEndian: 0x0403_4B50 as UInt32)
        Self.appendShared(entries[entries.count - 1], to: &header)
        output.replaceSubrange(entry.offset..<entry.offset + header.count, with: header)
    }

    package mutating func add(_ name: String, _ bytes: [UInt8]) throws(Failure) {
        begin(name)
        try append(bytes)
        try end()
    }

    /// The archive.
    package consuming func finish() throws(Failure) -> [UInt8] {
        let start = output.count
        for entry in entries {
            output.append(littleEndian: 0x0201_4B50 as UInt32)
            output.append(littleEndian: 20 as UInt16)
            Self.appendShared(entry, to: &output)
            output.append(contentsOf: [UInt8](repeating: 0, count: 10))
            output.append(littleEndian: UInt32(truncatingIfNeeded: entry.offset))
            output.append(contentsOf: entry.name.utf8)
        }
        let size = output.count - start
        guard output.count <= UInt32.max, entries.count <= UInt16.max else { throw .tooLarge }
        output.append(littleEndian: 0x0605_4B50 as UInt32)
        output.append(littleEndian: 0 as UInt32)
        output.append(littleEndian: UInt16(entries.count))
        output.append(littleEndian: UInt16(entries.count))
        output.append(littleEndian: UInt32(size))
        output.append(littleEndian: UInt32(start))
        output.append(littleEndian: 0 as UInt16)
        return output
    }

    /// What local and central headers have in common: version to 2.0, no flags, deflate, time, sizes, no extras.
    private static func appendShared(_ entry: Entry, to bytes: inout [UInt8]) {
        bytes.append(littleEndian: 20 as UInt16)
        bytes.append(littleEndian: 0 as UInt16)
        bytes.append(littleEndian: 8 as UInt16)
        bytes.append(littleEndian: 0 as UInt16)
        bytes.append(littleEndian: date)
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: entry.checksum))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: entry.compressedSize))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: entry.size))
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: entry.name.utf8.count))
        bytes.append(littleEndian: 0 as UInt16)
    }

    private mutating func deflate(_ input: [UInt8], flush: Int32) throws(Failure) {
        guard input.count <= UInt32.max else { throw .tooLarge }
        // SAFETY: zlib reads `avail_in` bytes of the input and writes `avail_out` bytes of the piece, both of which
        // outlive the calls; the pointers are cleared before they end.
        let isFine = input.withUnsafeBufferPointer { source in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.pieceBytes) { piece in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = UInt32(source.count)
                defer {
                    stream.pointee.next_in = nil
                    stream.pointee.next_out = nil
                }
                var result = Z_OK
                repeat {
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = UInt32(Self.pieceBytes)
                    result = CZlib.deflate(stream, flush)
                    let count = Self.pieceBytes - Int(stream.pointee.avail_out)
                    output.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<count]))
                } while result == Z_OK && stream.pointee.avail_out == 0
                // Z_BUF_ERROR: there was nothing to do, no fault.
                return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR
            }
        }
        guard isFine else { throw .unavailable }
    }
}

extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
