import CCurl
import Logging

/// Every transfer in hand. Lives on the curl thread and nowhere else.
final class CurlTransfers {
    private let multi: MultiHandle
    private let configuration: HTTPClient.Configuration
    private let logger: Logger
    private let clock = ContinuousClock()
    private var byNumber: [UInt64: CurlTransfer] = [:]
    private var lines: CallLines
    private var numberByHandle: [UnsafeMutableRawPointer: UInt64] = [:]

    init(multi: MultiHandle, configuration: HTTPClient.Configuration, logger: Logger) {
        self.multi = multi
        self.configuration = configuration
        self.logger = logger
        lines = CallLines(maximum: configuration.connectionsPerHostMaximum)
    }

    /// Starts, ends and moves on what there is, then sleeps until there is more to do.
    /// - Returns: false when stopped and nothing is in hand any more.
    func turn(_ delivery: CurlThread.Delivery) -> Bool {
        if delivery.isStopping {
            for arrival in delivery.arrivals { arrival.fail(.closed, "the client is closed") }
            for waiting in lines.takeOut(where: { _ in true }) {
                waiting.arrival.fail(.closed, "the client was closed")
            }
            for number in byNumber.keys { abort(number, .closed, "the client was closed") }
            return false
        }
        for arrival in delivery.arrivals { take(arrival, isCancelled: delivery.cancelled.contains(arrival.number)) }
        // Those in line first: else the end of one that is under way would start one that nobody wants any more.
        for waiting in lines.takeOut(where: { delivery.cancelled.contains($0.arrival.number) }) {
            waiting.arrival.fail(.cancelled, "cancelled")
        }
        for number in delivery.cancelled where byNumber[number] != nil { abort(number, .cancelled, "cancelled") }
        // Before a byte goes out: after a freeze of the process nothing may that is too late by now.
        abortOverdue()
        var running: Int32 = 0
        check(curl_multi_perform(multi.raw, &running))
        finishCompleted()
        check(curl_multi_poll(multi.raw, nil, 0, pollMilliseconds(), nil))
        return true
    }

    private func take(_ arrival: CurlThread.Arrival, isCancelled: Bool) {
        if isCancelled { return arrival.fail(.cancelled, "cancelled") }
        if let fault = RequestCheck.fault(in: arrival.request) { return arrival.fail(.invalidURL, fault) }
        let call = CallLines.Waiting(
            arrival: arrival, origin: RequestCheck.origin(of: arrival.request.url), deadline: arrival.deadline)
        if lines.mayGo(call) { start(call) }
    }

    /// It has a place among those of its server; what cannot be started hands it on.
    private func start(_ call: CallLines.Waiting) {
        var next: CallLines.Waiting? = call
        while let call = next {
            guard call.deadline > clock.now else {
                call.arrival.fail(.heldUp, "its time was over before it could begin")
                next = lines.end(call.origin)
                continue
            }
            guard let transfer = CurlTransfer(call, startedAt: clock.now, configuration: configuration),
                curl_multi_add_handle(multi.raw, transfer.easy) == CURLM_OK
            else {
                call.arrival.fail(.brokenLink, "libcurl took no further transfer")
                next = lines.end(call.origin)
                continue
            }
            byNumber[call.arrival.number] = transfer
            numberByHandle[transfer.easy] = call.arrival.number
            return
        }
    }

    private func finishCompleted() {
        var left: Int32 = 0
        // SAFETY: a message is valid until the next call on the multi handle; both fields are read before that.
        while let message = curl_multi_info_read(multi.raw, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            guard let transfer = remove(numberByHandle[handle]) else { continue }
            transfer.arrival.continuation.resume(returning: transfer.outcome(code))
        }
    }

    private func abortOverdue() {
        let now = clock.now
        for waiting in lines.takeOut(where: { $0.deadline <= now }) {
            waiting.arrival.fail(.heldUp, "no connection was free in time")
        }
        for (number, transfer) in byNumber where transfer.deadline <= now {
            // Seen so late, this process stood still.
            let isHeldUp = transfer.wasHeldUp || now - transfer.deadline > Self.standstill
            abort(number, isHeldUp ? .heldUp : .timedOut, "no complete answer in time")
        }
    }

    private func abort(_ number: UInt64, _ kind: HTTPClientError.Kind, _ detail: String) {
        guard let transfer = byNumber[number] else { return }
        let error = HTTPClientError(kind: kind, mayHaveBeenSent: transfer.mayHaveBeenSent, detail: detail)
        _ = remove(number)
        transfer.arrival.continuation.resume(returning: .failure(error))
    }

    private func remove(_ number: UInt64?) -> CurlTransfer? {
        guard let number, let transfer = byNumber.removeValue(forKey: number) else { return nil }
        numberByHandle[transfer.easy] = nil
        check(curl_multi_remove_handle(multi.raw, transfer.easy))
        if let next = lines.end(transfer.origin) { start(next) }
        return transfer
    }

    /// Until the next deadline; libcurl wakes up earlier for its own timers and sockets.
    private func pollMilliseconds() -> Int32 {
        let deadlines = [byNumber.values.map(\.deadline).min(), lines.nextDeadline]
        guard let next = deadlines.compactMap({ $0 }).min() else { return Self.pollMillisecondsMaximum }
        let (seconds, attoseconds) = (next - clock.now).components
        let milliseconds = min(seconds, 3_600) * 1_000 + attoseconds / 1_000_000_000_000_000 + 1
        return Int32(min(max(milliseconds, 0), Int64(Self.pollMillisecondsMaximum)))
    }

    private func check(_ code: CURLMcode) {
        guard code != CURLM_OK else { return }
        logger.error("libcurl refused a step", metadata: ["code": "\(code.rawValue)"])
    }

    private static let standstill = Duration.seconds(1)
    private static let pollMillisecondsMaximum: Int32 = 60_000
}
