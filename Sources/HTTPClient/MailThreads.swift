import CCurl
import Glibc
import Kernel
import Logging
import Synchronization

/// A few blocking threads that come when there is mail and end when there is none.
final class MailThreads: Sendable {
    /// Nil: done.
    typealias Outcome = VendorFailure?

    struct Arrival: Sendable {
        let control: MailControl
        let continuation: CheckedContinuation<Outcome, Never>
        /// Blocks.
        let work: @Sendable () -> Outcome
    }

    /// Mails on the wire at a time; a server takes few connections of one client.
    static let threadsMaximum = 4

    private struct State {
        var waiting: [Arrival] = []
        var inHand: [ObjectIdentifier: MailControl] = [:]
        var threads = 0
        var isStopping = false
        var waitingForTheEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    func submit(_ arrival: Arrival) {
        let startsThread: Bool? = state.withLock { state in
            guard !state.isStopping else { return nil }
            state.waiting.append(arrival)
            guard state.threads < Self.threadsMaximum else { return false }
            state.threads += 1
            return true
        }
        switch startsThread {
        case nil: arrival.continuation.resume(returning: SMTPClient.failure(.givenUp, "this process is stopping"))
        case true?: startThread()
        case false?: break
        }
    }

    func stopAndWait() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                state.isStopping = true
                for control in state.inHand.values { control.cancel() }
                for arrival in state.waiting { arrival.control.cancel() }
                if state.threads > 0 { state.waitingForTheEnd.append(continuation) }
                return state.threads == 0
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func startThread() {
        // SAFETY: the retained reference is taken over by exactly one thread, which releases it at its end.
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let outcome = pthread_create(
            &thread, nil,
            { context in
                // SAFETY: `context` is the reference retained above, and this is its one consumer.
                guard let context else { return nil }
                let threads = Unmanaged<MailThreads>.fromOpaque(context).takeRetainedValue()
                forma3d_curl_name_this_thread("mail")
                threads.run()
                return nil
            }, context)
        guard outcome == 0 else {
            // SAFETY: no thread was made, so the reference is still ours to release.
            Unmanaged<MailThreads>.fromOpaque(context).release()
            logger.critical("a mail thread could not be started", metadata: ["errno": "\(outcome)"])
            failWaiting()
            return
        }
        pthread_detach(thread)
    }

    private func run() {
        CurlThread.blockBrokenPipeSignal()
        while let arrival = next() {
            let outcome =
                arrival.control.isCancelled
                ? SMTPClient.failure(.givenUp, "the call was given up here") : arrival.work()
            state.withLock { state in
                state.inHand[ObjectIdentifier(arrival.control)] = nil
            }
            arrival.continuation.resume(returning: outcome)
        }
    }

    /// Nil ends the thread that asks.
    private func next() -> Arrival? {
        let (arrival, waiting): (Arrival?, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                guard state.isStopping, state.threads == 0 else { return (nil, []) }
                defer { state.waitingForTheEnd = [] }
                return (nil, state.waitingForTheEnd)
            }
            let arrival = state.waiting.removeFirst()
            state.inHand[ObjectIdentifier(arrival.control)] = arrival.control
            return (arrival, [])
        }
        for continuation in waiting { continuation.resume() }
        return arrival
    }

    /// Without a thread nobody else would.
    private func failWaiting() {
        let left: [Arrival] = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for arrival in left {
            arrival.continuation.resume(returning: SMTPClient.failure(.unreachable, "no thread for the mail"))
        }
    }
}
