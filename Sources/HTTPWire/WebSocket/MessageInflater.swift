/// Inflates the messages of one direction (RFC 7692 §7.2.2).
struct MessageInflater: ~Copyable, Sendable {
    private static let tail: [UInt8] = [0, 0, 0xFF, 0xFF]

    private let resetsBetweenMessages: Bool
    private var inflater: Inflater
    private var isEmpty = true

    init(agreement: WebSocketDeflate.Agreement) throws(WebSocketFault) {
        resetsBetweenMessages = agreement.clientNoContextTakeover
        do throws(CompressionFailure) {
            // A client with zlib that has been told 8 uses 9; a window that is too large does no harm.
            inflater = try Inflater(format: .raw(windowBits: max(9, agreement.clientWindowBits)))
        } catch {
            throw WebSocketFault(code: .internalError, reason: "No memory to inflate.")
        }
    }

    mutating func inflate(
        _ compressed: ArraySlice<UInt8>, into output: inout [UInt8], outputBytesMaximum: Int
    ) throws(WebSocketFault) {
        var rest = compressed
        isEmpty = false
        do throws(CompressionFailure) {
            while !rest.isEmpty {
                // RFC 7692 §7.2.3.5: a block may say that it is the last; what follows goes on with the same window.
                if inflater.hasEnded { inflater.continueAfterEnd() }
                let used = try inflater.inflate(rest, into: &output, outputBytesMaximum: outputBytesMaximum)
                rest = rest.dropFirst(used)
            }
        } catch {
            throw Self.fault(error)
        }
    }

    /// The message's frames are all in: puts back what the sender took off (§7.2.2) and checks that it belongs there.
    mutating func endMessage(into output: inout [UInt8], outputBytesMaximum: Int) throws(WebSocketFault) {
        // A message of no bytes at all is not what §7.2.1 says an empty one becomes, but what zlib gives for a second
        // empty message, and clients send it as it is. Nothing was compressed, so nothing is put back.
        if isEmpty { return }
        guard inflater.isBeforeEmptyBlock else { throw .invalidData("A message ends within deflated data.") }
        try inflate(Self.tail[...], into: &output, outputBytesMaximum: outputBytesMaximum)
        isEmpty = true
        if resetsBetweenMessages { inflater.reset() }
    }

    private static func fault(_ failure: CompressionFailure) -> WebSocketFault {
        switch failure {
        case .tooLarge: .tooBig("A message is too long.")
        case .malformed: .invalidData("A message is no deflated data.")
        case .unavailable: WebSocketFault(code: .internalError, reason: "No memory to inflate.")
        }
    }
}
