import HTTPServer
import Testing

@Suite struct ConnectionLifeTests {
    private func life(_ events: ConnectionLife.Event...) -> (ConnectionLife, [ConnectionLife.Action]) {
        var life = ConnectionLife(requestsMaximum: 3, discardBytesMaximum: 100)
        let actions = events.map { life.handle($0) }
        return (life, actions)
    }

    private let plain = ConnectionLife.Event.head(isPersistent: true, hasBody: false, expectsContinue: false)
    private let upload = ConnectionLife.Event.head(isPersistent: true, hasBody: true, expectsContinue: false)
    private let polite = ConnectionLife.Event.head(isPersistent: true, hasBody: true, expectsContinue: true)

    @Test func servesAndWaitsForTheNext() {
        let (life, actions) = life(.headBegan, plain, .answered(isClosing: false))
        #expect(actions == [.wait, .serve, .readNext])
        #expect(life.phase == .idle)
    }

    @Test func dropsAnUnreadBodyUpToItsLimit() {
        let (good, actions) = life(
            upload, .answered(isClosing: false), .discarded(bytes: 100), .bodyEnded)
        #expect(actions == [.serve, .discard, .wait, .readNext])
        #expect(good.phase == .idle)
        let (bad, more) = life(upload, .answered(isClosing: false), .discarded(bytes: 60), .discarded(bytes: 60))
        #expect(more.last == .linger)
        #expect(bad.phase == .lingering)
    }

    @Test func mustCloseWhenTheBodyCannotBeAccountedFor() {
        #expect(!life(upload).0.mustClose(remainingBodyBytes: 100, hasMoreInput: false))
        #expect(life(upload).0.mustClose(remainingBodyBytes: 101, hasMoreInput: false))
        #expect(!life(upload).0.mustClose(remainingBodyBytes: nil, hasMoreInput: false))
        #expect(life(polite).0.mustClose(remainingBodyBytes: 1, hasMoreInput: false))
        #expect(!life(polite, .bodyBegan).0.mustClose(remainingBodyBytes: 1, hasMoreInput: false))
        #expect(life(upload, .bodyBroken).0.mustClose(remainingBodyBytes: 1, hasMoreInput: false))
        #expect(!life(polite, .bodyEnded).0.mustClose(remainingBodyBytes: nil, hasMoreInput: false))
    }

    @Test func mustCloseAfterItsShareOfRequests() {
        var life = ConnectionLife(requestsMaximum: 3, discardBytesMaximum: 100)
        var closes: [Bool] = []
        for _ in 1...3 {
            _ = life.handle(plain)
            closes.append(life.mustClose(remainingBodyBytes: nil, hasMoreInput: false))
            _ = life.handle(.answered(isClosing: false))
        }
        #expect(closes == [false, false, true])
    }

    @Test func drainingEndsEachPhaseInItsWay() {
        #expect(life(plain, .answered(isClosing: false), .drain).1.last == .close)
        // A new connection may have a request on its way.
        #expect(life(.drain).0.phase == .head)
        #expect(life(.drain, plain).0.mustClose(remainingBodyBytes: nil, hasMoreInput: true))
        #expect(life(plain, .drain).0.mustClose(remainingBodyBytes: nil, hasMoreInput: true))
        #expect(life(upload, .answered(isClosing: false), .drain, .bodyEnded).1.last == .linger)
    }

    @Test func slownessIsAnsweredOnlyWhenSomethingCame() {
        #expect(life(.timeUp).1 == [.close])
        #expect(life(.headBegan, .timeUp).1.last == .refuseSlowness)
        #expect(life(plain, .answered(isClosing: false), .timeUp).1.last == .close)
        #expect(life(.fault).1 == [.refuse])
    }

    @Test func aPeerThatHasFinished() {
        #expect(life(.peerFinished).1 == [.close])
        let (serving, actions) = life(plain, .peerFinished, .peerFinished)
        #expect(actions == [.serve, .startGoneGrace, .wait])
        #expect(serving.mustClose(remainingBodyBytes: nil, hasMoreInput: false))
        #expect(!serving.mustClose(remainingBodyBytes: nil, hasMoreInput: true))
        #expect(life(plain, .peerFinished, .answered(isClosing: true)).1.last == .linger)
        #expect(life(plain, .answered(isClosing: true), .peerFinished).1.last == .close)
    }

    /// Whatever happens in whatever order: a closed connection stays closed and nothing is served twice at once.
    @Test func noOrderOfEventsRevivesAConnection() {
        let events: [ConnectionLife.Event] = [
            .headBegan, plain, upload, polite, .fault, .bodyBegan, .bodyEnded, .bodyBroken, .answered(isClosing: false),
            .answered(isClosing: true), .discarded(bytes: 70), .peerFinished, .drain, .timeUp,
        ]
        var lives: Set<ConnectionLife> = [ConnectionLife(requestsMaximum: 3, discardBytesMaximum: 100)]
        for _ in 0..<7 {
            var next: Set<ConnectionLife> = []
            for life in lives {
                for event in events {
                    var changed = life
                    let action = changed.handle(event)
                    if life.phase == .closed { #expect(changed.phase == .closed && action == .wait) }
                    if action == .serve { #expect(life.phase == .idle || life.phase == .head) }
                    if life.phase == .lingering { #expect([.lingering, .closed].contains(changed.phase)) }
                    next.insert(changed)
                }
            }
            lives = next
        }
        #expect(lives.contains { $0.phase == .closed })
    }
}
