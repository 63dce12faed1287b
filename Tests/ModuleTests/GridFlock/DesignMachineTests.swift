import GridFlock
import Testing

/// What can become of a design, over every order in which things may be said twice or late.
@Suite struct DesignMachineTests {
    private func run(_ start: DesignState, _ events: [DesignMachine.Event]) -> (DesignState, [DesignMachine.Action]) {
        events.reduce((start, [])) { result, event in
            let step = DesignMachine.step(result.0, event)
            return (step.state, result.1 + step.actions)
        }
    }

    @Test func aDesignIsMadeOnce() {
        let (state, actions) = run(.queued, [.started, .wanted, .started, .made, .made, .wanted])
        #expect(state == .ready)
        #expect(actions == [.tellReady])
    }

    @Test func whatWasThrownAwayIsMadeAgainWhenWanted() {
        let (state, actions) = run(.ready, [.evicted, .evicted, .wanted, .wanted, .started, .made])
        #expect(state == .ready)
        #expect(actions == [.enqueue, .tellReady])
    }

    @Test func aFailedDesignIsTriedAgainOnlyWhenWanted() {
        #expect(run(.generating, [.gaveUp, .gaveUp, .evicted]) == (.failed, [.tellFailed]))
        #expect(run(.failed, [.wanted, .wanted]) == (.queued, [.enqueue]))
        #expect(run(.failed, [.started, .made]) == (.ready, [.tellReady]), "a dead letter that was brought back")
    }

    /// A late word never takes away files that are there, and two wishes never make two jobs.
    @Test(arguments: DesignState.allCases)
    func everyEventTwiceIsTheEventOnce(state: DesignState) {
        for event: DesignMachine.Event in [.wanted, .started, .made, .gaveUp, .evicted] {
            let once = DesignMachine.step(state, event)
            let twice = DesignMachine.step(once.state, event)
            #expect(twice.state == once.state && twice.actions.isEmpty, "\(state), \(event)")
        }
        #expect(DesignMachine.step(.ready, .gaveUp).state == .ready)
        #expect(DesignMachine.step(.ready, .started).state == .ready)
    }
}
