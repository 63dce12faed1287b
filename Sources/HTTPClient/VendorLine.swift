import HTTPWire
package import Kernel
package import Logging
import Metrics

/// The line to one vendor: every call over it is logged, counted and failed in the same way.
///
/// It does not retry: the job queue does (ADR-021).
package struct VendorLine: Sendable {
    package let vendor: String
    private let http: HTTPClient
    private let logger: Logger

    package init(vendor: String, http: HTTPClient, logger: Logger) {
        self.vendor = vendor
        self.http = http
        self.logger = logger
    }

    /// One call: sent, read, then recorded as `vendor.operation status ms` with its outcome.
    /// - Parameter read: turns a complete answer of whatever status into a result.
    /// - Throws: `VendorFailure`, from the exchange or from `read`.
    package func call<Result>(
        _ operation: String, _ request: HTTPClientRequest,
        reading read: (VendorAnswer) throws(VendorFailure) -> Result
    ) async throws(VendorFailure) -> Result {
        TransactionScope.requireClosed(for: "\(vendor).\(operation)")
        let start = ContinuousClock.now
        let answer: VendorAnswer
        do {
            let response = try await http.send(request)
            answer = VendorAnswer(vendor: vendor, operation: operation, response: response)
        } catch {
            let failure = Self.failure(error, vendor: vendor, operation: operation)
            VendorSigns.tell(vendor, failure.sign)
            record(operation, ContinuousClock.now - start, status: nil, requestID: nil, failure)
            throw failure
        }
        do {
            let result = try read(answer)
            VendorSigns.tell(vendor, .answered)
            record(operation, ContinuousClock.now - start, status: answer.status, requestID: answer.requestID, nil)
            return result
        } catch {
            VendorSigns.tell(vendor, error.sign)
            record(operation, ContinuousClock.now - start, status: answer.status, requestID: answer.requestID, error)
            throw error
        }
    }

    private func record(
        _ operation: String, _ duration: Duration, status: Int?, requestID: String?, _ failure: VendorFailure?
    ) {
        Self.record(
            vendor, operation, duration, status: status, requestID: requestID, failure, logger: logger)
    }

    /// One log line and two measurements of one call, whatever the protocol it was made over.
    static func record(
        _ vendor: String, _ operation: String, _ duration: Duration, status: Int?, requestID: String? = nil,
        _ failure: VendorFailure?, logger: Logger
    ) {
        let outcome = failure.map { "\($0.kind)" } ?? "ok"
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        let dimensions = [("vendor", vendor), ("operation", operation), ("outcome", outcome)]
        Counter(label: "vendor_calls_total", dimensions: dimensions).increment()
        Metrics.Timer(label: "vendor_call_seconds", dimensions: dimensions).recordMilliseconds(milliseconds)
        var metadata: Logger.Metadata = [
            "vendor": "\(vendor)", "operation": "\(operation)", "outcome": "\(outcome)",
            "duration_ms": "\(milliseconds)",
        ]
        if let status { metadata["status"] = "\(status)" }
        if let requestID { metadata["vendor_request_id"] = "\(requestID)" }
        logger.log(
            level: failure == nil ? .info : .warning,
            "\(vendor).\(operation) \(status.map(String.init) ?? outcome) \(milliseconds)", metadata: metadata)
    }

    private static func failure(_ error: HTTPClientError, vendor: String, operation: String) -> VendorFailure {
        let (kind, message): (VendorFailure.Kind, String) =
            switch error.kind {
            case .invalidURL: (.rejected, "the address set for it cannot be used: \(error.detail)")
            case .unresolved: (.unreachable, "its name could not be resolved: \(error.detail)")
            case .refused: (.unreachable, "no connection: \(error.detail)")
            case .tls: (.unreachable, "no trusted connection: \(error.detail)")
            case .timedOut: (.timedOut, "no answer in time")
            case .brokenLink where error.mayHaveBeenSent: (.broken, "the connection broke: \(error.detail)")
            case .brokenLink: (.unreachable, "the connection broke: \(error.detail)")
            case .responseTooLarge: (.malformed, "the answer is larger than allowed")
            case .heldUp: (.givenUp, "it was held up in this process until its time was over")
            case .cancelled: (.givenUp, "the call was given up here")
            case .closed: (.givenUp, "this process is stopping")
            }
        return VendorFailure(
            vendor: vendor, operation: operation, kind: kind, mayHaveHappened: error.mayHaveBeenSent, message: message)
    }
}
