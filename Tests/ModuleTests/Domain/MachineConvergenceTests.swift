import Contracts
import FoundationEssentials
import Fulfilment
import Kernel
import Printing
import Shipping
import Testing

/// Every order and repetition of the same events ends in the same state (DESIGN §3.7).
@Suite struct MachineConvergenceTests {
    struct Word: Hashable, Sendable {
        let observation: PrintObservation
        var job: Int64?
    }

    /// What can be true of one attempt at the same time: an item that is printed by three jobs of the farm, one after
    /// another. Words about an item that waits or is gone name the job that was known when it was looked at.
    static let farm: [Word] = [
        .init(observation: .queued), .init(observation: .started, job: 5), .init(observation: .returned, job: 5),
        .init(observation: .withdrawn, job: 5), .init(observation: .started, job: 6),
        .init(observation: .failed, job: 6), .init(observation: .cancelledAtFarm, job: 6),
        .init(observation: .vanished, job: 6), .init(observation: .assigned, job: 7),
        .init(observation: .started, job: 7), .init(observation: .finished, job: 6),
    ]

    private func end(_ words: [Word]) -> PrintJobMachine.Life {
        words.reduce(PrintJobMachine.Life(state: .intent)) {
            PrintJobMachine.after($1.observation, of: $1.job, in: $0)
        }
    }

    @Test func everyOrderOfTheFarmsWordsEndsAlike() {
        for subset in Shuffles.subsets(of: Self.farm.count) where (1...4).contains(subset.count) {
            let words = subset.map { Self.farm[$0] }
            let expected = end(words)
            for order in Shuffles.every(words.count) {
                let life = end(order.map { words[$0] })
                if life != expected {
                    Issue.record("\(order.map { words[$0] }) gives \(life), not \(expected)")
                    return
                }
            }
        }
    }

    @Test(arguments: [UInt64](1...20))
    func randomOrdersOfAllTheFarmsWordsEndInDone(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let order = Shuffles.random(Self.farm.count, timesMaximum: 4, using: &generator)
            #expect(end(order.map { Self.farm[$0] }).state == .done, "seed \(seed): \(order)")
        }
    }

    /// Our own words come in their order, from the transactions that change the effect's row under its fence; the farm's
    /// fall anywhere between them.
    @Test func ourOwnWordsGiveWayToTheFarmsWhereverTheyFall() {
        let own: [PrintObservation] = [.sent, .outcomeUnknown, .sent]
        for farm in [
            [Word(observation: .queued)], [.init(observation: .started, job: 5), .init(observation: .queued)],
        ] {
            let expected = end(farm)
            for order in Shuffles.every(farm.count) {
                for place in 0...order.count {
                    var words = order.map { farm[$0] }
                    words.insert(contentsOf: own.map { Word(observation: $0) }, at: place)
                    #expect(end(words) == expected, "\(words)")
                }
            }
        }
    }

    /// Where two words exclude one another the fact wins, not the arrival.
    @Test(arguments: [
        ([Word(observation: .cancelledAtFarm, job: 5), .init(observation: .finished, job: 5)], PrintJobState.done),
        ([.init(observation: .failed, job: 5), .init(observation: .cancelledAtFarm, job: 5)], .failed),
        ([.init(observation: .withdrawn, job: 0), .init(observation: .started, job: 5)], .printing),
        ([.init(observation: .vanished, job: 0), .init(observation: .started, job: 5)], .printing),
        ([.init(observation: .failed, job: 5), .init(observation: .started, job: 6)], .printing),
        ([.init(observation: .returned, job: 6), .init(observation: .started, job: 5)], .queued),
    ])
    func theFactWins(words: [Word], expected: PrintJobState) {
        #expect(end(words).state == expected)
        #expect(end(words.reversed()).state == expected)
    }

    // MARK: Shipments

    struct CarrierWord: Hashable, Sendable {
        let observation: ShipmentObservation
        var at: Double?
    }

    static let carrier: [CarrierWord] = [
        .init(observation: .parcelCreated), .init(observation: .labelStored), .init(observation: .inTransit, at: 1),
        .init(observation: .problem, at: 2), .init(observation: .inTransit, at: 3),
        .init(observation: .delivered, at: 4), .init(observation: .problem, at: 5),
        .init(observation: .inTransit, at: 6), .init(observation: .cancelled, at: 7),
    ]

    private func end(_ words: [CarrierWord]) -> ShipmentMachine.Life {
        words.reduce(ShipmentMachine.Life(state: .intent)) {
            ShipmentMachine.after($1.observation, at: $1.at.map { Date(timeIntervalSince1970: $0) }, in: $0)
        }
    }

    @Test func everyOrderOfTheCarriersWordsEndsAlike() {
        for subset in Shuffles.subsets(of: Self.carrier.count) where (1...4).contains(subset.count) {
            let words = subset.map { Self.carrier[$0] }
            let expected = end(words)
            for order in Shuffles.every(words.count) {
                let life = end(order.map { words[$0] })
                if life != expected {
                    Issue.record("\(order.map { words[$0] }) gives \(life), not \(expected)")
                    return
                }
            }
        }
    }

    @Test(arguments: [UInt64](1...20))
    func randomOrdersOfAllTheCarriersWordsEndAlike(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let order = Shuffles.random(Self.carrier.count, timesMaximum: 4, using: &generator)
            #expect(end(order.map { Self.carrier[$0] }) == end(Self.carrier), "seed \(seed): \(order)")
        }
    }

    @Test func theCarriersWordsBeforeTheLabelCountWhenItIsThere() {
        let early: [CarrierWord] = [
            .init(observation: .delivered, at: 4), .init(observation: .inTransit, at: 9),
            .init(observation: .parcelCreated),
        ]
        #expect(end(early).state == .created)
        #expect(end(early + [.init(observation: .labelStored)]).state == .delivered, "what is delivered stays so")
        let cancelled: [CarrierWord] = [
            .init(observation: .parcelCreated), .init(observation: .cancelled, at: 1),
            .init(observation: .inTransit, at: 2),
        ]
        #expect(end(cancelled).state == .cancelled)
        let made = end([.init(observation: .parcelCreated), .init(observation: .sent)])
        #expect(made.state == .created, "made is made, whoever sends again")
    }

    /// Our own cancellation falls anywhere between the label and the carrier's words.
    @Test func everyOrderWithOurOwnCancellationEndsCancelled() {
        let acts: [(inout Shipment) -> Void] = [
            { $0.takeBack(at: Date(timeIntervalSince1970: 3)) },
            { shipment in
                shipment.labelDigest = "digest"
                shipment.take(.labelStored)
            },
            { $0.take(.inTransit, at: Date(timeIntervalSince1970: 2)) },
            { $0.take(.inTransit, at: Date(timeIntervalSince1970: 5)) },
            { $0.take(.problem, at: Date(timeIntervalSince1970: 4)) },
        ]
        func bought() -> Shipment {
            var shipment = Shipment(
                id: OrderSamples.identities.make(), orderID: OrderSamples.identities.make(), weightGrams: 250)
            shipment.parcelID = 7
            shipment.take(.parcelCreated)
            return shipment
        }
        for order in Shuffles.every(acts.count) {
            var shipment = bought()
            for index in order { acts[index](&shipment) }
            #expect(shipment.state == .cancelled, "\(order)")
        }
        var unsent = Shipment(
            id: OrderSamples.identities.make(), orderID: OrderSamples.identities.make(), weightGrams: 250)
        unsent.takeBack(at: OrderSamples.start)
        #expect(unsent.state == .cancelled && unsent.mayBeUnsent, "no parcel: it may be asked for again")
        var delivered = bought()
        acts[1](&delivered)
        delivered.take(.delivered, at: Date(timeIntervalSince1970: 6))
        delivered.takeBack(at: Date(timeIntervalSince1970: 7))
        #expect(delivered.state == .delivered, "it is with the customer, whatever was cancelled on paper")
    }

    // MARK: Fulfilments

    @Test func everyOrderOfAFulfilmentsWordsEndsAlike() {
        let words: [FulfilmentObservation] = [
            .sent, .outcomeUnknown, .made(withTracking: false), .made(withTracking: true),
        ]
        for order in Shuffles.every(words.count) {
            let state = order.reduce(FulfilmentState.planned) { FulfilmentMachine.after(words[$1], in: $0) }
            #expect(state == .trackingSent)
        }
    }
}
