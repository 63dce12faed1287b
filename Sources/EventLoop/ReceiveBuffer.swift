/// Where a loop's sockets are read into: one for all of them, since what is read is taken on at once.
package final class ReceiveBuffer {
    // SAFETY: allocated once, freed with the object; the class is not Sendable, so only its owner's loop touches it.
    package let bytes: UnsafeMutableRawBufferPointer

    package init(bytes count: Int) {
        bytes = .allocate(byteCount: count, alignment: 16)
        // Pages that were never written would be faulted in during the first requests instead.
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { bytes.deallocate() }

    /// The first so many bytes, valid until the next read.
    package func first(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }
}
