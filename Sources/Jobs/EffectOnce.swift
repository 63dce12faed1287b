import Kernel

/// What became of an effect that cannot be looked up.
package enum OnceOutcome<Receipt: Codable & Sendable>: Sendable {
    /// It was made. `record` marks the intent done in the job's own commit. No receipt: an operator said so.
    case made(Receipt?, record: Commit)
    /// It was taken back before it was made.
    case cancelled
    /// Nobody knows, which is written down and visible already. It is not sent again by itself: the job ends here, an
    /// operator decides.
    case unknown(reason: String)
}

/// One attempt of one job at an effect that cannot be looked up: at most once, and never a second time by itself.
struct EffectOnce<Vendor: OnceOnlyVendor>: Sendable {
    let sending: EffectSend<Vendor>

    func perform() async throws -> OnceOutcome<Vendor.Receipt> {
        let committedAt = ContinuousClock.now
        if let request = try await sending.commitFresh() { return try await send(request, committedAt: committedAt) }
        let intent = try await sending.intent()
        switch intent.state {
        case .done:
            return .made(try? intent.decodeReceipt(), record: { _ in })
        case .cancelled:
            return .cancelled
        case .unknown:
            return .unknown(reason: intent.lastError ?? EffectStorage.lostOwner)
        case .sent:
            try await sending.takeOver(intent)
            return .unknown(reason: EffectStorage.lostOwner)
        case .planned:
            let committedAt = ContinuousClock.now
            _ = try await sending.commitAgain()
            return try await send(
                JSON.decode(Vendor.Request.self, from: intent.request), committedAt: committedAt)
        }
    }

    /// - Throws: what a failure before the wire or a clear refusal said: it may be tried again then.
    private func send(
        _ request: Vendor.Request, committedAt: ContinuousClock.Instant
    ) async throws -> OnceOutcome<Vendor.Receipt> {
        switch await sending.call(request, committedAt: committedAt) {
        case .made(let receipt):
            return .made(receipt, record: sending.recording(receipt, vendorID: nil, from: .sent))
        case .notSent(let error):
            await sending.takeBack(error)
            throw error
        case .notMade(let cause):
            await sending.takeBack(cause)
            throw cause
        case .unknown(let error):
            let (message, isRecorded) = await sending.becomeUnknown(error)
            // Still `sent`: the next run finds it so and writes it down.
            guard isRecorded else {
                throw JobFailure.notNow("It could not be written down that an outcome is not known: \(message)")
            }
            return .unknown(reason: message)
        }
    }
}
