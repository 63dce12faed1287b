import TestKit

/// A client's end of one connection, whatever carries the bytes.
protocol ByteChannel: AnyObject {
    /// Everything that has come so far.
    var received: [UInt8] { get }
    /// The server has closed.
    var hasEnded: Bool { get }
    /// It closed with a reset, which may have destroyed an answer on its way.
    var wasReset: Bool { get }

    func send(_ bytes: [UInt8])
    func finishSending()
    /// Takes what has come, without waiting for more.
    func poll() async
}

extension RawClient: ByteChannel {}
