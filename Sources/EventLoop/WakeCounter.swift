import CPlatform

/// A counting semaphore for threads of our own (never for tasks).
final class WakeCounter: Sendable {
    // SAFETY: the pointer never changes and the C functions behind it are made for many threads.
    private nonisolated(unsafe) let raw: OpaquePointer

    init() {
        guard let made = forma3d_semaphore_create() else { preconditionFailure("no memory for a semaphore") }
        raw = made
    }

    deinit {
        forma3d_semaphore_destroy(raw)
    }

    func add() {
        forma3d_semaphore_post(raw)
    }

    func wait() {
        forma3d_semaphore_wait(raw)
    }
}
