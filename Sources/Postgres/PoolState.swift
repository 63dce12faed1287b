/// Who has which connection: the pool's rules, without connections, clocks or tasks.
///
/// Waiters are served in the order they came. What they get is a connection, or leave to open one.
struct PoolState<Item: Sendable>: Sendable {
    enum Grant: Sendable {
        case use(Item)
        /// Open one; call `openingFailed` when that fails.
        case open
    }

    enum Answer: Sendable {
        case granted(Grant)
        case wait
        case closed
    }

    struct Handover: Sendable {
        let waiter: UInt64
        let grant: Grant
    }

    let size: Int
    private(set) var isClosed = false
    /// Last in, first out: few connections stay warm, the others may be ended by the server.
    private var idle: [Item] = []
    /// Open ones and those being opened.
    private(set) var openCount = 0
    private var waiters: [UInt64] = []

    init(size: Int) {
        self.size = max(1, size)
    }

    var waiterCount: Int { waiters.count }
    var idleCount: Int { idle.count }

    /// - Parameter waiter: who queues up when nothing is free; nil only asks.
    mutating func checkOut(waiter: UInt64?) -> Answer {
        if isClosed { return .closed }
        if let item = idle.popLast() { return .granted(.use(item)) }
        if openCount < size {
            openCount += 1
            return .granted(.open)
        }
        if let waiter { waiters.append(waiter) }
        return .wait
    }

    /// False when the waiter already got its grant.
    mutating func abandon(waiter: UInt64) -> Bool {
        guard let position = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: position)
        return true
    }

    /// A connection comes back in good order.
    mutating func checkIn(_ item: Item) -> Handover? {
        guard !waiters.isEmpty else {
            idle.append(item)
            return nil
        }
        return Handover(waiter: waiters.removeFirst(), grant: .use(item))
    }

    /// A connection is gone, or could not be opened: the first waiter may try to open another.
    mutating func lost() -> Handover? {
        openCount -= 1
        guard !isClosed, !waiters.isEmpty else { return nil }
        openCount += 1
        return Handover(waiter: waiters.removeFirst(), grant: .open)
    }

    /// Takes an idle connection out that ended by itself; true when it was idle (`lost` is due then).
    mutating func removeIdle(where matches: (Item) -> Bool) -> Bool {
        guard let position = idle.firstIndex(where: matches) else { return false }
        idle.remove(at: position)
        return true
    }

    /// Nothing is granted any more; gives those who wait.
    mutating func close() -> [UInt64] {
        isClosed = true
        defer {
            waiters = []
            idle = []
        }
        return waiters
    }
}
