import Glibc

/// An open directory; closed when nobody holds it any more.
package final class DirectoryHandle: Sendable {
    let descriptor: Int32

    /// - Throws: `ProcessFailure`.
    package init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ProcessFailure("cannot open the directory \(path): \(reason(errno))") }
    }

    deinit {
        close(descriptor)
    }
}

/// The system's words for an errno.
package func reason(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
