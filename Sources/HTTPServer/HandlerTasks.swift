import EventLoop

/// Runs the handlers that may wait: tasks that stay on the loop, each taking one connection after another.
///
/// A handler that answers without waiting costs an async call and no task of its own: while one task keeps going it
/// takes request after request from the queue. When its handler waits for something, the next task takes over. A task
/// that was cancelled (its client went, its time was up) ends with its request, for a cancellation cannot be undone.
// SAFETY: every member is touched on the loop only: `submit` and `pump` are called there, and the tasks have the loop
// as their executor preference.
final class HandlerTasks: @unchecked Sendable {
    /// One task. Its `task` is cancelled through the connection that it serves.
    // SAFETY: touched on the loop only, as everything here.
    final class Worker: @unchecked Sendable {
        fileprivate var continuation: UnsafeContinuation<Void, Never>?
        fileprivate(set) var task: Task<Void, Never>?
    }

    /// Tasks that wait for work; beyond it one that has nothing to do ends.
    private static let parkedMaximum = 64

    private let loop: EventLoop
    private var queue: [Connection] = []
    private var queueStart = 0
    private var parked: [Worker] = []
    private var mayHandle: () -> Bool = { false }
    private var isStopped = false

    init(loop: EventLoop) {
        self.loop = loop
    }

    var isIdle: Bool { queueStart == queue.count }

    func submit(_ connection: Connection) {
        queue.append(connection)
    }

    /// Runs what is queued as long as the server may serve. What is left waits for the next turn.
    func pump(while mayHandle: @escaping () -> Bool) {
        self.mayHandle = mayHandle
        while !isIdle, mayHandle() {
            if let worker = parked.popLast() {
                loop.runAtOnce { worker.resume() }
            } else {
                start()
            }
        }
        self.mayHandle = { false }
        compact()
    }

    /// Ends the tasks that wait; those at work end with their request.
    func stop() {
        isStopped = true
        let waiting = parked
        parked = []
        for worker in waiting { worker.resume() }
    }

    private func start() {
        let worker = Worker()
        let task = Task.immediate(executorPreference: loop) { await self.work(worker) }
        // A worker that is parked or done by now can have been cancelled by nobody.
        worker.task = task
    }

    private func work(_ worker: Worker) async {
        while true {
            while let connection = takeNext() {
                await connection.work(by: worker)
                // The loop has stopped under a handler that did not end: nothing here may be touched any more.
                if Task.isCancelled || !loop.isCurrent { return }
            }
            if isStopped || parked.count >= Self.parkedMaximum { return }
            // SAFETY: resumed exactly once: `resume` takes the continuation out, and whoever calls it has taken the
            // worker out of `parked` before.
            await withUnsafeContinuation { continuation in
                worker.continuation = continuation
                parked.append(worker)
            }
        }
    }

    private func takeNext() -> Connection? {
        guard queueStart < queue.count, mayHandle() else { return nil }
        defer { queueStart += 1 }
        return queue[queueStart]
    }

    /// Lets go of those that were served, also while there are always more.
    private func compact() {
        if isIdle {
            queue.removeAll(keepingCapacity: queue.capacity <= 4_096)
            queueStart = 0
        } else if queueStart >= 256, queueStart * 2 >= queue.count {
            queue.removeFirst(queueStart)
            queueStart = 0
        }
    }
}

extension HandlerTasks.Worker {
    fileprivate func resume() {
        let waiting = continuation
        continuation = nil
        waiting?.resume()
    }
}
