/// How deflated data is wrapped, and how far back it may refer.
package enum CompressionFormat: Hashable, Sendable {
    /// RFC 1952, the content coding `gzip`; a window of 32 KiB.
    case gzip
    /// RFC 1951 bare, as in permessage-deflate; a window of 2^windowBits bytes, 9 to 15 (8 too, to inflate).
    case raw(windowBits: Int)

    /// zlib folds both into one number.
    var zlibWindowBits: Int32 {
        switch self {
        case .gzip: 31
        case .raw(let windowBits): Int32(-min(15, max(8, windowBits)))
        }
    }
}

/// Why compressed data, or a wish to compress, was refused.
package enum CompressionFailure: Error, Hashable, Sendable {
    /// No memory, or a setting that zlib does not know.
    case unavailable
    /// The bytes are no deflated data.
    case malformed
    /// More would come out than the caller allows.
    case tooLarge
}
