import Kernel
package import Logging
import Synchronization

/// HTTPS on libcurl: pooled connections, deadlines, no redirects, one curl thread for the process.
///
/// A call suspends its task, it blocks no thread; cancelling the task ends the exchange. HTTP/1.1 only: one exchange
/// owns one connection, so `neverResend` and `HTTPClientError.mayHaveBeenSent` can be answered exactly.
package final class HTTPClient: Sendable {
    package struct Configuration: Sendable {
        package var connectTimeoutSeconds = 10.0
        /// Calls to one server at a time; the others wait in line, and their time runs.
        package var connectionsPerHostMaximum = 16
        package var userAgent = "Forma3D.Connect"
        /// A PEM file of the authorities to trust instead of the system's; nil for the system's.
        package var certificateAuthorityFile: String?
        package init() {}
    }

    private let thread: CurlThread
    private let nextNumber = Atomic<UInt64>(0)

    package init(configuration: Configuration = Configuration(), logger: Logger) {
        thread = CurlThread(configuration: configuration, logger: logger)
        thread.start()
    }

    deinit {
        thread.stop()
    }

    /// One exchange.
    /// - Throws: `HTTPClientError`, which says how far it got.
    package func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        let number = nextNumber.wrappingAdd(1, ordering: .relaxed).newValue
        let deadline = CallDeadline.from(seconds: request.timeoutSeconds)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                thread.submit(
                    CurlThread.Arrival(
                        number: number, request: request, deadline: deadline, continuation: continuation))
            }
        } onCancel: {
            thread.cancel(number)
        }
        thread.forgetCancellation(of: number)
        return try outcome.get()
    }

    /// Ends the curl thread; calls in hand fail.
    package func close() async {
        await thread.stopAndWait()
    }
}
