import Synchronization

/// A closure that is due once; cancelling it drops the closure at once.
package final class LoopTimer: Sendable {
    private let work: Mutex<(@Sendable () -> Void)?>

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = Mutex(work)
    }

    /// After this returns the closure will not start; one that has started is not waited for.
    package func cancel() {
        work.withLock { $0 = nil }
    }

    var isCancelled: Bool { work.withLock { $0 == nil } }

    func fire() {
        let due = work.withLock { $0.take() }
        due?()
    }
}

/// Timers by deadline: a binary heap; equal deadlines fire in the order they were set.
struct TimerHeap {
    private struct Entry {
        let deadlineNanoseconds: Int64
        let sequence: UInt64
        let timer: LoopTimer

        func isBefore(_ other: Entry) -> Bool {
            (deadlineNanoseconds, sequence) < (other.deadlineNanoseconds, other.sequence)
        }
    }

    private var entries: [Entry] = []
    private var sequence: UInt64 = 0
    /// Cancelled timers stay until due; beyond this size the heap is swept, and the bound doubles with what is alive.
    private var sweepAtCount = 1_024

    var nextDeadlineNanoseconds: Int64? { entries.first?.deadlineNanoseconds }
    var count: Int { entries.count }

    mutating func insert(_ timer: LoopTimer, atNanoseconds deadline: Int64) {
        if entries.count >= sweepAtCount { sweep() }
        entries.append(Entry(deadlineNanoseconds: deadline, sequence: sequence, timer: timer))
        sequence &+= 1
        siftUp(from: entries.count - 1)
    }

    /// Takes the earliest timer when it is due.
    mutating func popDue(nowNanoseconds: Int64) -> LoopTimer? {
        guard let first = entries.first, first.deadlineNanoseconds <= nowNanoseconds else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            siftDown(from: 0)
        }
        return first.timer
    }

    private mutating func sweep() {
        entries = entries.filter { !$0.timer.isCancelled }
        entries.sort { $0.isBefore($1) }
        sweepAtCount = max(1_024, entries.count * 2)
    }

    private mutating func siftUp(from start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard entries[index].isBefore(entries[parent]) else { return }
            entries.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var index = start
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2] where child < entries.count {
                if entries[child].isBefore(entries[smallest]) { smallest = child }
            }
            guard smallest != index else { return }
            entries.swapAt(index, smallest)
            index = smallest
        }
    }
}
