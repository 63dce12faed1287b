package import FoundationEssentials

/// Where new identities come from. Injected, so that a test can hand out known ones.
package struct Identities: Sendable {
    private let next: @Sendable () -> UUID

    package init(_ next: @escaping @Sendable () -> UUID) {
        self.next = next
    }

    package func make<Tag>(_ tag: ID<Tag>.Type = ID<Tag>.self) -> ID<Tag> {
        ID<Tag>(next())
    }

    package func uuid() -> UUID { next() }

    /// UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random bits, so that keys made one after another sit
    /// beside one another in the index.
    package static let system = Identities {
        var generator = SystemRandomNumberGenerator()
        return uuidV7(at: Date(), using: &generator)
    }

    /// When a UUIDv7 was made; nil for any other.
    package static func moment(of id: UUID) -> Date? {
        let bytes = id.uuid
        guard bytes.6 >> 4 == 7 else { return nil }
        let milliseconds = [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5].reduce(0) { $0 << 8 | Int64($1) }
        return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    package static func uuidV7(at date: Date, using generator: inout some RandomNumberGenerator) -> UUID {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000))
        let high = (milliseconds << 16) | 0x7000 | UInt64.random(in: 0...0x0FFF, using: &generator)
        let low = 0x8000_0000_0000_0000 | (UInt64.random(in: 0...UInt64.max, using: &generator) >> 2)
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3),
                byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
