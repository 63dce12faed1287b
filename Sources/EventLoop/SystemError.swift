import Glibc

/// The system's words for an error number.
package enum SystemError {
    package static func text(_ errorNumber: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        // The POSIX strerror_r, which fills the buffer: unlike strerror's, its answer cannot change under us.
        guard strerror_r(errorNumber, &buffer, buffer.count) == 0 else { return "error \(errorNumber)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
