/// How long each thing may take, in nanoseconds of the loop's clock; made from `HTTPServerConfiguration`.
package struct ConnectionTimeouts: Hashable, Sendable {
    package var firstByte: Int64 = 10_000_000_000
    package var head: Int64 = 10_000_000_000
    package var idle: Int64 = 120_000_000_000
    package var bodyIdle: Int64 = 15_000_000_000
    package var bodyRateGrace: Int64 = 20_000_000_000
    /// 0 for no minimum.
    package var bodyBytesPerSecondMinimum = 1_024.0
    package var writeStall: Int64 = 30_000_000_000
    package var writeRateGrace: Int64 = 40_000_000_000
    /// 0 for no minimum.
    package var writeBytesPerSecondMinimum = 1_024.0
    package var linger: Int64 = 2_000_000_000
    package var clientGoneGrace: Int64 = 1_000_000_000
    package var handlerGrace: Int64 = 1_000_000_000

    package init() {}
}

/// The deadlines of one connection, as values; whoever owns them passes the time in.
///
/// Two of them follow a rate as well as a silence: a byte a second would never idle out, so what has been waited for
/// over all must keep to a minimum rate after a grace.
package struct ConnectionTimers: Hashable, Sendable {
    package enum Due: Hashable, CaseIterable, Sendable { case write, gone, handler, handlerGrace, body, phase }

    /// No deadline.
    static let never = Int64.max

    private let timeouts: ConnectionTimeouts
    private var phase = never
    private var body = never
    private var write = never
    private var gone = never
    private var handler = never
    private var handlerGrace = never

    private var bodyBytes = 0
    private var bodyWaited: Int64 = 0
    private var bodyWaitStart: Int64 = 0
    private var writeBytes = 0
    private var writeBlockedSince = never

    package init(timeouts: ConnectionTimeouts) {
        self.timeouts = timeouts
    }

    /// The nearest deadline; `Int64.max` when there is none.
    package var nearest: Int64 {
        min(min(min(phase, body), min(write, gone)), min(handler, handlerGrace))
    }

    /// Takes out one that has passed; nil when none has. A write that is cut comes first: nothing after it matters.
    package mutating func takeDue(now: Int64) -> Due? {
        guard nearest <= now else { return nil }
        func take(_ deadline: inout Int64) -> Bool {
            guard deadline <= now else { return false }
            deadline = Self.never
            return true
        }
        if take(&write) { return .write }
        if take(&gone) { return .gone }
        if take(&handler) { return .handler }
        if take(&handlerGrace) { return .handlerGrace }
        if take(&body) { return .body }
        return take(&phase) ? .phase : nil
    }

    // MARK: Phases

    mutating func awaitFirstByte(now: Int64) { phase = now &+ timeouts.firstByte }
    mutating func awaitHead(now: Int64) { phase = now &+ timeouts.head }
    mutating func awaitNextRequest(now: Int64) { phase = now &+ timeouts.idle }
    mutating func awaitDiscarded(now: Int64) { phase = now &+ timeouts.bodyIdle }
    mutating func awaitLingered(now: Int64) { phase = now &+ timeouts.linger }
    mutating func shortenPhase(toNanoseconds span: Int64, now: Int64) { phase = min(phase, now &+ span) }

    mutating func requestBegan() {
        phase = Self.never
        bodyBytes = 0
        bodyWaited = 0
    }

    mutating func requestEnded() {
        handler = Self.never
        handlerGrace = Self.never
        gone = Self.never
        body = Self.never
    }

    mutating func clear() {
        self = ConnectionTimers(timeouts: timeouts)
    }

    // MARK: Handler and client

    package mutating func limitHandler(toNanoseconds span: Int64, now: Int64) { handler = now &+ span }
    mutating func limitHandlerGrace(now: Int64) { handlerGrace = now &+ timeouts.handlerGrace }
    package mutating func limitGone(now: Int64) { gone = now &+ timeouts.clientGoneGrace }

    mutating func answered() {
        handler = Self.never
        handlerGrace = Self.never
    }

    // MARK: Body

    package mutating func bodyWaitBegan(now: Int64) {
        bodyWaitStart = now
        body = now &+ min(timeouts.bodyIdle, withinRate(bodyBytes, spent: bodyWaited))
    }

    package mutating func bodyCame(_ bytes: Int) { bodyBytes += bytes }

    package mutating func bodyWaitEnded(now: Int64) {
        bodyWaited += max(0, now &- bodyWaitStart)
        body = Self.never
    }

    private func withinRate(_ bytes: Int, spent: Int64) -> Int64 {
        Self.allowance(
            bytes, perSecond: timeouts.bodyBytesPerSecondMinimum, grace: timeouts.bodyRateGrace, spent: spent)
    }

    // MARK: Write

    /// The socket takes no more: the stall begins, or goes on.
    package mutating func outputBlocked(now: Int64) {
        if writeBlockedSince == Self.never {
            writeBlockedSince = now
            writeBytes = 0
        }
        let allowance = Self.allowance(
            writeBytes, perSecond: timeouts.writeBytesPerSecondMinimum, grace: timeouts.writeRateGrace,
            spent: now &- writeBlockedSince)
        let byRate = now &+ allowance
        if write == Self.never { write = now &+ timeouts.writeStall }
        write = min(write, byRate)
    }

    /// Some of it went: the silence is over, the rate counts on.
    package mutating func outputProgressed(_ bytes: Int) {
        guard writeBlockedSince != Self.never else { return }
        writeBytes += bytes
        write = Self.never
    }

    package mutating func outputEmptied() {
        writeBlockedSince = Self.never
        write = Self.never
    }

    /// How much longer may be waited until the whole is slower than the rate.
    private static func allowance(_ bytes: Int, perSecond rate: Double, grace: Int64, spent: Int64) -> Int64 {
        guard rate > 0 else { return never / 4 }
        let earned = min(Double(bytes) / rate, 1e8) * 1e9
        return max(0, grace &+ Int64(earned) &- spent)
    }
}
