import CPostgres

/// The bound values of one statement, laid out for libpq.
struct BoundParameters: Sendable {
    /// The wire carries the count in 16 bits.
    static let countMaximum = 65_535
    private static let byteaType: Oid = 17

    /// Every value, each ended by a NUL.
    private var storage: [CChar] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var types: [Oid] = []

    /// Tells apart statements of one text whose binary parameters differ.
    private(set) var signature = ""

    init(_ values: [SQLValue]) throws(PostgresError) {
        guard values.count <= Self.countMaximum else {
            throw PostgresError(kind: .server, sqlState: "54000", message: "more than \(Self.countMaximum) values")
        }
        for (position, value) in values.enumerated() {
            switch value {
            case .null:
                append(offset: nil, length: 0, isBinary: false)
            case .text(let text):
                let offset = storage.count
                for byte in text.utf8 {
                    // libpq takes text up to the first NUL: what follows would be lost without a word.
                    guard byte != 0 else {
                        throw PostgresError(
                            kind: .server, sqlState: "22021", message: "text with a NUL byte cannot be stored")
                    }
                    storage.append(CChar(bitPattern: byte))
                }
                append(offset: offset, length: storage.count - offset, isBinary: false)
            case .bytes(let bytes):
                let offset = storage.count
                storage.append(contentsOf: bytes.lazy.map { CChar(bitPattern: $0) })
                append(offset: offset, length: bytes.count, isBinary: true)
                signature += ",\(position)"
            }
        }
    }

    var byteCount: Int { storage.count }

    private mutating func append(offset: Int?, length: Int, isBinary: Bool) {
        if offset != nil { storage.append(0) }
        offsets.append(offset)
        lengths.append(Int32(truncatingIfNeeded: length))
        formats.append(isBinary ? 1 : 0)
        types.append(isBinary ? Self.byteaType : 0)
    }

    /// The arrays as `PQsendQueryParams` and `PQsendQueryPrepared` want them.
    struct Pointers {
        let count: Int32
        let types: UnsafePointer<Oid>?
        let values: UnsafePointer<UnsafePointer<CChar>?>?
        let lengths: UnsafePointer<Int32>?
        let formats: UnsafePointer<Int32>?
    }

    func withPointers<Value>(_ body: (Pointers) -> Value) -> Value {
        // SAFETY: the pointers live inside the closures of their arrays; libpq copies before its call returns.
        storage.withUnsafeBufferPointer { storage in
            let values = offsets.map { offset in offset.flatMap { storage.baseAddress?.advanced(by: $0) } }
            return values.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        types.withUnsafeBufferPointer { types in
                            body(
                                Pointers(
                                    count: Int32(values.count), types: types.baseAddress, values: values.baseAddress,
                                    lengths: lengths.baseAddress, formats: formats.baseAddress))
                        }
                    }
                }
            }
        }
    }
}
