import CPlatform

/// What a descriptor is watched for, and what it is ready for.
package struct Readiness: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Bytes (or an end) can be read.
    package static let readable = Readiness(rawValue: FORMA3D_READABLE)
    /// Bytes can be written.
    package static let writable = Readiness(rawValue: FORMA3D_WRITABLE)
    /// The peer has finished sending; what it sent before may still be unread. Only when asked for.
    package static let peerFinished = Readiness(rawValue: FORMA3D_PEER_FINISHED)
    /// The connection is broken or closed in both directions. Always reported.
    package static let broken = Readiness(rawValue: FORMA3D_BROKEN)
}

/// One watched descriptor; the generation tells it from a later one of the same number.
package struct Registration: Hashable, Sendable {
    package let descriptor: Int32
    let generation: UInt32

    var key: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor)) }
}

/// A system call that the loop or a socket needs was refused.
package struct EventLoopError: Error, Hashable, Sendable, CustomStringConvertible {
    package let operation: String
    /// The system's error number.
    package let errorNumber: Int32

    package init(operation: String, errorNumber: Int32) {
        self.operation = operation
        self.errorNumber = errorNumber
    }

    package var description: String { "\(operation): \(SystemError.text(errorNumber))" }
}
