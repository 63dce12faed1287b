import CCurl
import Glibc
import Logging
import Synchronization

/// The one thread that runs every transfer: it sleeps in `curl_multi_poll` and is woken by `curl_multi_wakeup`.
///
/// What callers hand over goes through a mailbox under a lock; everything of libcurl is touched by this thread only.
final class CurlThread: Sendable {
    typealias Outcome = Result<HTTPClientResponse, HTTPClientError>

    /// A call on its way to the thread.
    struct Arrival: Sendable {
        let number: UInt64
        let request: HTTPClientRequest
        /// Afterwards no byte of it goes out.
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Outcome, Never>

        func fail(_ kind: HTTPClientError.Kind, _ detail: String) {
            continuation.resume(
                returning: .failure(HTTPClientError(kind: kind, mayHaveBeenSent: false, detail: detail)))
        }
    }

    /// What the thread takes out of its mailbox in one turn.
    struct Delivery {
        var arrivals: [Arrival]
        var cancelled: Set<UInt64>
        var isStopping: Bool
    }

    private struct Mailbox {
        var arrivals: [Arrival] = []
        /// Numbers whose task was cancelled; `forgetCancellation` takes them out when the call has returned.
        var cancelled: Set<UInt64> = []
        var isStopping = false
        var hasEnded = false
        var waitingForTheEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let mailbox = Mutex(Mailbox())
    private let multi: MultiHandle
    private let configuration: HTTPClient.Configuration
    private let logger: Logger

    init(configuration: HTTPClient.Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        multi = MultiHandle(connectionsPerHostMaximum: configuration.connectionsPerHostMaximum)
    }

    func start() {
        // SAFETY: the retained reference is taken over by exactly one thread, which releases it at its end.
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let outcome = pthread_create(
            &thread, nil,
            { context in
                // SAFETY: `context` is the reference retained above, and this is its one consumer.
                guard let context else { return nil }
                let thread = Unmanaged<CurlThread>.fromOpaque(context).takeRetainedValue()
                forma3d_curl_name_this_thread("curl")
                thread.run()
                return nil
            }, context)
        guard outcome == 0 else {
            // SAFETY: no thread was made, so the reference is still ours to release.
            Unmanaged<CurlThread>.fromOpaque(context).release()
            logger.critical("the curl thread could not be started", metadata: ["errno": "\(outcome)"])
            end()
            return
        }
        pthread_detach(thread)
    }

    func submit(_ arrival: Arrival) {
        let isTaken = mailbox.withLock { mailbox in
            guard !mailbox.isStopping else { return false }
            mailbox.arrivals.append(arrival)
            multi.wakeUp()
            return true
        }
        if !isTaken { arrival.fail(.closed, "the client is closed") }
    }

    func cancel(_ number: UInt64) {
        mailbox.withLock { mailbox in
            guard !mailbox.hasEnded else { return }
            mailbox.cancelled.insert(number)
            multi.wakeUp()
        }
    }

    /// A task may be cancelled at the very moment its call returns; the number must not stay behind.
    func forgetCancellation(of number: UInt64) {
        mailbox.withLock { mailbox in
            _ = mailbox.cancelled.remove(number)
        }
    }

    func stop() {
        mailbox.withLock { mailbox in
            guard !mailbox.isStopping else { return }
            mailbox.isStopping = true
            if !mailbox.hasEnded { multi.wakeUp() }
        }
    }

    func stopAndWait() async {
        stop()
        await withCheckedContinuation { continuation in
            let hasEnded = mailbox.withLock { mailbox in
                if !mailbox.hasEnded { mailbox.waitingForTheEnd.append(continuation) }
                return mailbox.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func run() {
        Self.blockBrokenPipeSignal()
        let transfers = CurlTransfers(multi: multi, configuration: configuration, logger: logger)
        while true {
            let delivery = mailbox.withLock { mailbox in
                defer { mailbox.arrivals = [] }
                return Delivery(
                    arrivals: mailbox.arrivals, cancelled: mailbox.cancelled, isStopping: mailbox.isStopping)
            }
            guard transfers.turn(delivery) else { break }
        }
        end()
    }

    /// With `CURLOPT_NOSIGNAL` libcurl leaves SIGPIPE to us, and OpenSSL writes without MSG_NOSIGNAL; the signal is
    /// raised in the thread that writes, which is this one.
    static func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Once for the process, before any other call (libcurl(3), GLOBAL CONSTANTS).
    static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_ALL))

    private func end() {
        let (left, waiting) = mailbox.withLock { mailbox in
            defer {
                mailbox.arrivals = []
                mailbox.waitingForTheEnd = []
            }
            mailbox.isStopping = true
            mailbox.hasEnded = true
            return (mailbox.arrivals, mailbox.waitingForTheEnd)
        }
        multi.close()
        for arrival in left { arrival.fail(.closed, "the client is closed") }
        for continuation in waiting { continuation.resume() }
    }
}

/// libcurl's multi handle: the pool of connections and the transfers on them.
// SAFETY: libcurl allows `curl_multi_wakeup` from any thread, and `CurlThread` calls it only under the lock that also
// marks the end; all else, `close` included, is called by the curl thread.
final class MultiHandle: @unchecked Sendable {
    let raw: UnsafeMutableRawPointer

    init(connectionsPerHostMaximum: Int) {
        _ = CurlThread.library
        guard let raw = curl_multi_init() else { preconditionFailure("no memory for libcurl") }
        self.raw = raw
        // How many calls a server gets is decided by `CallLines`; this bounds the connections that stay open.
        _ = forma3d_curl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, connectionsPerHostMaximum * 2)
        _ = forma3d_curl_multi_set_long(raw, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    /// Closes the pool. On the curl thread, where SIGPIPE is blocked: closing a TLS connection writes to it.
    func close() {
        curl_multi_cleanup(raw)
    }

    func wakeUp() {
        curl_multi_wakeup(raw)
    }
}
