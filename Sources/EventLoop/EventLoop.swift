package import Logging

/// One thread with an epoll set, timers and an inbox; a `TaskExecutor`, so that async code can stay on it.
package final class EventLoop: TaskExecutor, Sendable {
    package init(name: String, logger: Logger) {}

    package func enqueue(_ job: consuming ExecutorJob) { fatalError("skeleton") }

    /// Stops the thread after what is queued has run.
    package func shutDown() { fatalError("skeleton") }
}
