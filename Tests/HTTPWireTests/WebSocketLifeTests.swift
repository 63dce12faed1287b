import HTTPWire
import Testing

/// The life of a WebSocket by the clock, without one.
@Suite struct WebSocketLifeTests {
    private static let second: Int64 = 1_000_000_000
    private static let bye = WebSocketClose(code: .normal, reason: "bye")
    private static let limits: WebSocketLimits = {
        var limits = WebSocketLimits()
        limits.queueHighBytes = 100
        limits.queueBytesMaximum = 1_000
        return limits
    }()

    /// A life that began at 0, with its time in seconds.
    private struct Lived {
        var life = WebSocketLife(limits: WebSocketLifeTests.limits, nowNanoseconds: 0)

        mutating func at(_ seconds: Double, _ event: WebSocketLife.Event) -> WebSocketLife.Action {
            life.handle(event, nowNanoseconds: Int64(seconds * 1_000_000_000))
        }

        var nextSeconds: Double? { life.nextDeadlineNanoseconds.map { Double($0) / 1_000_000_000 } }
    }

    @Test func silenceIsPingedAndThenCut() {
        var lived = Lived()
        #expect(lived.nextSeconds == 25)
        #expect(lived.at(24.9, .timeUp(queuedBytes: 0)) == .none)
        #expect(lived.at(25, .timeUp(queuedBytes: 0)) == .ping)
        #expect(lived.nextSeconds == 45)
        #expect(lived.at(44.9, .timeUp(queuedBytes: 0)) == .none)
        #expect(lived.at(45, .timeUp(queuedBytes: 0)) == .cut(.silent))
        #expect(lived.nextSeconds == nil)
        #expect(lived.at(46, .handlerEnded(hasFailed: false)) == .none)
    }

    @Test func anyByteIsASignOfLife() {
        var lived = Lived()
        #expect(lived.at(10, .received) == .none)
        #expect(lived.at(25, .timeUp(queuedBytes: 0)) == .none)
        #expect(lived.nextSeconds == 35)
        #expect(lived.at(35, .timeUp(queuedBytes: 0)) == .ping)
        #expect(lived.at(36, .received) == .none)
        #expect(lived.at(60.9, .timeUp(queuedBytes: 0)) == .none)
        #expect(lived.at(61, .timeUp(queuedBytes: 0)) == .ping)
    }

    @Test func whatIsNotReadIsNotHeldAgainstThePeer() {
        var lived = Lived()
        #expect(lived.at(25, .timeUp(queuedBytes: 0)) == .ping)
        #expect(lived.at(26, .reading(false)) == .none)
        #expect(lived.at(60, .timeUp(queuedBytes: 0)) == .none)
        #expect(lived.at(90, .timeUp(queuedBytes: 0)) == .none)
        #expect(lived.at(95, .reading(true)) == .none)
        #expect(lived.nextSeconds == 120)
        #expect(lived.at(120, .timeUp(queuedBytes: 0)) == .ping)
    }

    @Test func thePeerClosesAndIsEchoed() {
        var lived = Lived()
        #expect(
            lived.at(1, .closeReceived(Self.bye, hasUnansweredMessages: false))
                == .end(WebSocketClose(code: .normal)))
        #expect(lived.life.phase == .closed)
        var silent = Lived()
        #expect(
            silent.at(1, .closeReceived(WebSocketClose(code: nil), hasUnansweredMessages: false))
                == .end(WebSocketClose(code: nil)))
    }

    @Test func messagesBeforeThePeersCloseAreAnsweredFirst() {
        var lived = Lived()
        #expect(lived.at(1, .closeReceived(Self.bye, hasUnansweredMessages: true)) == .none)
        #expect(lived.life.maySend)
        #expect(lived.nextSeconds == 2)
        #expect(lived.at(1.5, .allAnswered) == .end(WebSocketClose(code: .normal)))
        var slow = Lived()
        #expect(slow.at(1, .closeReceived(Self.bye, hasUnansweredMessages: true)) == .none)
        #expect(slow.at(2, .timeUp(queuedBytes: 0)) == .end(WebSocketClose(code: .normal)))
        var ended = Lived()
        #expect(ended.at(1, .closeReceived(Self.bye, hasUnansweredMessages: true)) == .none)
        #expect(ended.at(1, .handlerEnded(hasFailed: true)) == .end(WebSocketClose(code: .normal)))
        var own = Lived()
        #expect(own.at(1, .closeReceived(Self.bye, hasUnansweredMessages: true)) == .none)
        #expect(own.at(1, .close(WebSocketClose(code: 4001))) == .end(WebSocketClose(code: 4001)))
    }

    @Test(
        arguments: [
            (WebSocketLife.Event.close(WebSocketClose(code: .normal, reason: "bye")), 1000),
            (.handlerEnded(hasFailed: false), 1000), (.handlerEnded(hasFailed: true), 1011), (.drain, 1001),
        ] as [(WebSocketLife.Event, UInt16)])
    func thisSideCloses(_ event: WebSocketLife.Event, _ code: UInt16) {
        var lived = Lived()
        guard case .close(let close) = lived.at(1, event) else {
            Issue.record("no close frame")
            return
        }
        #expect(close.code?.value == code)
        #expect(!lived.life.maySend)
        #expect(lived.nextSeconds == 6)
        // One close frame is all.
        #expect(lived.at(2, event) == .none)
        #expect(lived.at(2, .received) == .none)
        var answered = lived
        #expect(answered.at(3, .closeReceived(Self.bye, hasUnansweredMessages: false)) == .end(nil))
        var late = lived
        #expect(late.at(6, .timeUp(queuedBytes: 0)) == .cut(.closeTimeout))
        var behind = lived
        #expect(behind.at(6, .timeUp(queuedBytes: 1)) == .none)
        #expect(behind.nextSeconds == 11)
        var empty = behind
        #expect(empty.at(11, .timeUp(queuedBytes: 0)) == .cut(.closeTimeout))
        #expect(behind.at(30, .timeUp(queuedBytes: 1)) == .none)
        #expect(behind.nextSeconds == 31)
        #expect(behind.at(31, .timeUp(queuedBytes: 1)) == .cut(.closeTimeout))
        var faulty = lived
        #expect(
            faulty.at(3, .fault(WebSocketFault(code: .protocolError, reason: ""), hasUnansweredMessages: false))
                == .end(nil))
        var gone = lived
        #expect(gone.at(3, .peerFinished(hasUnansweredMessages: false)) == .cut(.gone))
    }

    @Test func aFaultEndsItAtOnce() {
        var lived = Lived()
        #expect(
            lived.at(1, .fault(WebSocketFault(code: .tooBig, reason: "big"), hasUnansweredMessages: false))
                == .end(WebSocketClose(code: .tooBig, reason: "big")))
        #expect(lived.at(1, .drain) == .none)
    }

    @Test func messagesBeforeAFaultAreAnsweredFirst() {
        let fault = WebSocketFault(code: .protocolError, reason: "bad")
        let close = WebSocketClose(code: .protocolError, reason: "bad")
        var lived = Lived()
        #expect(lived.at(1, .fault(fault, hasUnansweredMessages: true)) == .none)
        #expect(lived.life.maySend)
        var own = lived
        // What is wrong is said, whatever the handler would have said.
        #expect(own.at(1, .close(Self.bye)) == .end(close))
        var slow = lived
        #expect(slow.at(2, .timeUp(queuedBytes: 0)) == .end(close))
        #expect(lived.at(1.5, .allAnswered) == .end(close))
    }

    @Test func aPeerThatIsGoneIsCut() {
        var lived = Lived()
        #expect(lived.at(1, .peerFinished(hasUnansweredMessages: false)) == .cut(.gone))
        var finishing = Lived()
        #expect(finishing.at(1, .closeReceived(Self.bye, hasUnansweredMessages: true)) == .none)
        // It may have shut its own side only.
        #expect(finishing.at(1, .peerFinished(hasUnansweredMessages: true)) == .none)
        #expect(finishing.at(1.5, .allAnswered) == .end(WebSocketClose(code: .normal)))
        #expect(!finishing.life.hasFailed)
        var without = Lived()
        #expect(without.at(1, .peerFinished(hasUnansweredMessages: true)) == .none)
        #expect(without.at(1.5, .allAnswered) == .end(nil))
        #expect(without.life.hasFailed)
    }

    @Test func slowReadersAreCut() {
        var lived = Lived()
        #expect(lived.at(1, .queued(bytes: 101)) == .none)
        #expect(lived.at(20, .queued(bytes: 500)) == .none)
        #expect(lived.at(20, .received) == .none)
        var recovered = lived
        #expect(recovered.at(21, .queued(bytes: 100)) == .none)
        #expect(recovered.at(31, .timeUp(queuedBytes: 0)) == .none)
        #expect(lived.nextSeconds == 31)
        #expect(lived.at(31, .timeUp(queuedBytes: 0)) == .cut(.slow))
        var full = Lived()
        #expect(full.at(1, .sending(queuedBytes: 1_000)) == .none)
        #expect(full.at(1, .sending(queuedBytes: 1_001)) == .cut(.slow))
    }
}
