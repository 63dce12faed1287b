import HTTPServer
import Testing

/// Deadlines against a clock that the test turns.
@Suite struct ConnectionTimersTests {
    private static let second: Int64 = 1_000_000_000

    private func life(_ change: (inout ConnectionTimeouts) -> Void = { _ in }) -> ConnectionLife {
        var timeouts = ConnectionTimeouts()
        change(&timeouts)
        return ConnectionLife(requestsMaximum: 100, discardBytesMaximum: 100, timeouts: timeouts, now: 0)
    }

    private let plain = ConnectionLife.Event.head(isPersistent: true, hasBody: false, expectsContinue: false)
    private let upload = ConnectionLife.Event.head(isPersistent: true, hasBody: true, expectsContinue: false)

    @Test func eachPhaseHasItsOwnTime() {
        var life = life()
        #expect(life.timers.nearest == 10 * Self.second)
        _ = life.handle(.headBegan, now: 4 * Self.second)
        #expect(life.timers.nearest == 14 * Self.second)
        // More of the head, a byte at a time, does not buy more time.
        _ = life.handle(.headBegan, now: 9 * Self.second)
        #expect(life.timers.nearest == 14 * Self.second)
        _ = life.handle(plain, now: 10 * Self.second)
        #expect(life.timers.nearest == .max)
        _ = life.handle(.answered(isClosing: false), now: 11 * Self.second)
        #expect(life.timers.nearest == 131 * Self.second)
        _ = life.handle(.headBegan, now: 20 * Self.second)
        #expect(life.timers.nearest == 30 * Self.second)
        #expect(life.timers.takeDue(now: 29 * Self.second) == nil)
        #expect(life.timers.takeDue(now: 30 * Self.second) == .phase)
        #expect(life.handle(.timeUp, now: 30 * Self.second) == .refuseSlowness)
        // While the refusal is on its way the write has its own deadline; then the linger begins.
        #expect(life.timers.nearest == .max)
        life.lingerBegan(now: 31 * Self.second)
        #expect(life.timers.nearest == 33 * Self.second)
        #expect(life.handle(.timeUp, now: 33 * Self.second) == .close)
        #expect(life.timers.nearest == .max)
    }

    @Test func aSilentBodyEndsAtItsIdleTime() {
        var life = life()
        _ = life.handle(upload, now: 0)
        life.timers.bodyWaitBegan(now: 2 * Self.second)
        #expect(life.timers.nearest == 17 * Self.second)
        life.timers.bodyCame(10)
        life.timers.bodyWaitEnded(now: 3 * Self.second)
        #expect(life.timers.nearest == .max)
    }

    /// A kilobyte a second is asked for after 20 s: 10 bytes a second run out of time, 2 KiB a second never do.
    @Test(arguments: [(10, true), (2_048, false)])
    func aDripIsFoundOut(_ bytesPerSecond: Int, _ isFound: Bool) {
        var life = life()
        _ = life.handle(upload, now: 0)
        var due: ConnectionTimers.Due?
        for second in 0..<120 where due == nil {
            let now = Int64(second) * Self.second
            life.timers.bodyWaitBegan(now: now)
            due = life.timers.takeDue(now: now + Self.second)
            life.timers.bodyCame(bytesPerSecond)
            life.timers.bodyWaitEnded(now: now + Self.second)
        }
        #expect(due == (isFound ? .body : nil))
    }

    /// The handler's own time does not count as the client's slowness.
    @Test func onlyWaitingCounts() {
        var life = life()
        _ = life.handle(upload, now: 0)
        life.timers.bodyWaitBegan(now: 0)
        life.timers.bodyWaitEnded(now: Self.second)
        life.timers.bodyWaitBegan(now: 1_000 * Self.second)
        #expect(life.timers.nearest == 1_015 * Self.second)
    }

    @Test func aReaderThatTakesNothingIsCut() {
        var life = life()
        _ = life.handle(plain, now: 0)
        life.timers.outputBlocked(now: 0)
        life.timers.outputBlocked(now: 20 * Self.second)
        #expect(life.timers.takeDue(now: 30 * Self.second) == .write)
    }

    /// Something goes every 20 s, so no silence is ever long enough; over all it is too slow.
    @Test(arguments: [(100, true), (100_000, false)])
    func aReaderThatSipsIsCut(_ sip: Int, _ isCut: Bool) {
        var life = life()
        _ = life.handle(plain, now: 0)
        var due: ConnectionTimers.Due?
        for round in 0..<20 where due == nil {
            let now = Int64(round) * 20 * Self.second
            life.timers.outputProgressed(sip)
            life.timers.outputBlocked(now: now)
            due = life.timers.takeDue(now: now + 19 * Self.second)
        }
        #expect(due == (isCut ? .write : nil))
        life.timers.outputEmptied()
        #expect(life.timers.nearest == .max)
    }

    @Test func theNearestComesFirstAndEachOnce() {
        var life = life()
        _ = life.handle(plain, now: 0)
        life.timers.limitHandler(toNanoseconds: 3 * Self.second, now: 0)
        life.timers.limitGone(now: 1 * Self.second)
        #expect(life.timers.nearest == 2 * Self.second)
        #expect(life.timers.takeDue(now: 5 * Self.second) == .gone)
        #expect(life.timers.takeDue(now: 5 * Self.second) == .handler)
        #expect(life.timers.takeDue(now: 5 * Self.second) == nil)
    }

    @Test func aDrainShortensTheWaitForAFirstRequest() {
        var life = life()
        #expect(life.handle(.drain, now: Self.second) == .wait)
        #expect(life.timers.nearest == Self.second + Self.second / 2)
    }
}
