/// How many jobs one process may have in hand, in all and of each queue: pure. A claim reserves before it asks, so that
/// two claims at the same time never take more than there are.
struct Hands: Sendable {
    /// What one claim may take.
    struct Reservation: Hashable, Sendable {
        /// Jobs in all.
        let count: Int
        /// Of the queues that have a limit of their own.
        let rooms: [String: Int]

        /// Nothing but the count limits it: it may take from the head of the whole queue.
        var isPlain: Bool { rooms.values.allSatisfy { $0 >= count } }
    }

    let total: Int
    let limits: [String: Int]
    private(set) var taken = 0
    private var takenByQueue: [String: Int] = [:]

    init(total: Int, limits: [String: Int]) {
        self.total = total
        self.limits = limits
    }

    var free: Int { total - taken }

    /// At most that many; nil when there are none free.
    mutating func reserve(atMost maximum: Int) -> Reservation? {
        let count = min(maximum, free)
        guard count > 0 else { return nil }
        var rooms: [String: Int] = [:]
        for (queue, limit) in limits {
            let room = max(0, min(count, limit - takenByQueue[queue, default: 0]))
            rooms[queue] = room
            takenByQueue[queue, default: 0] += room
        }
        taken += count
        return Reservation(count: count, rooms: rooms)
    }

    /// The claim came back with jobs of these queues; what it did not take is free again.
    mutating func land(_ reservation: Reservation, queues: [String]) {
        taken += queues.count - reservation.count
        for (queue, room) in reservation.rooms { takenByQueue[queue, default: 0] -= room }
        for queue in queues where limits[queue] != nil { takenByQueue[queue, default: 0] += 1 }
    }

    mutating func release(_ queue: String) {
        taken -= 1
        if limits[queue] != nil { takenByQueue[queue, default: 0] -= 1 }
    }
}
