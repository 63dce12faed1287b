import CZlib

/// Reading of what was written, by other code than wrote it.
extension [UInt8] {
    func littleEndian<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type, at offset: Int) -> Value {
        (0..<Value.bitWidth / 8).reduce(0) { $0 | Value(self[offset + $1]) << Value($1 * 8) }
    }

    func float(at offset: Int) -> Float { Float(bitPattern: littleEndian(UInt32.self, at: offset)) }

    /// FNV-1a, for golden values.
    var fingerprint: String {
        let value = reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return String(value, radix: 16)
    }
}

/// A ZIP archive as its central directory tells it.
struct ZipReading {
    struct Entry: Equatable {
        let name: String
        let time: UInt16
        let date: UInt16
        let bytes: [UInt8]
    }

    struct Malformed: Error {
        let reason: String
    }

    let entries: [Entry]

    init(_ archive: [UInt8]) throws {
        let end = archive.count - 22
        guard end >= 0, archive.littleEndian(UInt32.self, at: end) == 0x0605_4B50 else {
            throw Malformed(reason: "no end record")
        }
        var offset = Int(archive.littleEndian(UInt32.self, at: end + 16))
        var found: [Entry] = []
        for _ in 0..<Int(archive.littleEndian(UInt16.self, at: end + 10)) {
            guard archive.littleEndian(UInt32.self, at: offset) == 0x0201_4B50 else {
                throw Malformed(reason: "no central header at \(offset)")
            }
            let nameCount = Int(archive.littleEndian(UInt16.self, at: offset + 28))
            let name = String(decoding: archive[offset + 46..<offset + 46 + nameCount], as: UTF8.self)
            let local = Int(archive.littleEndian(UInt32.self, at: offset + 42))
            // The local header says the same as the central one.
            guard archive.littleEndian(UInt32.self, at: local) == 0x0403_4B50,
                archive[local + 4..<local + 30] == archive[offset + 6..<offset + 32]
            else { throw Malformed(reason: "headers of \(name) differ") }
            let size = Int(archive.littleEndian(UInt32.self, at: offset + 24))
            let start = local + 30 + nameCount
            let packed = Array(archive[start..<start + Int(archive.littleEndian(UInt32.self, at: offset + 20))])
            let bytes = try Self.inflate(packed, size: size)
            guard crc32_z(0, bytes, bytes.count) == UInt(archive.littleEndian(UInt32.self, at: offset + 16)) else {
                throw Malformed(reason: "checksum of \(name)")
            }
            found.append(
                Entry(
                    name: name, time: archive.littleEndian(UInt16.self, at: offset + 12),
                    date: archive.littleEndian(UInt16.self, at: offset + 14), bytes: bytes))
            offset += 46 + nameCount
        }
        guard offset == end else { throw Malformed(reason: "something between directory and end") }
        entries = found
    }

    private static func inflate(_ packed: [UInt8], size: Int) throws -> [UInt8] {
        var stream = z_stream()
        guard forma3d_inflate_init(&stream, -15) == Z_OK else { throw Malformed(reason: "no memory") }
        defer { inflateEnd(&stream) }
        var bytes = [UInt8](repeating: 0, count: size + 1)
        // SAFETY: both buffers outlive the one call that uses them.
        let result = packed.withUnsafeBufferPointer { source in
            bytes.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END, stream.avail_out == 1 else { throw Malformed(reason: "not the size it says") }
        return Array(bytes.dropLast())
    }
}
