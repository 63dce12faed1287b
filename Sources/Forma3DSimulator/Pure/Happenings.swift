import Contracts
import Orders
import Printing
import Shipping

/// Something that happens at a moment of simulated time.
enum Happening {
    case place
    /// A webhook with one of the order's revisions arrives.
    case payload(Dossier, Int)
    case deletion(Dossier)
    case claim(Int)
    case leaseEnds(Int, fence: Int64)
    case commit(Int, fence: Int64, Reading)
    /// Right before the wire.
    case wire(Int, fence: Int64, Dossier, EffectKey)
    /// The request reaches the vendor.
    case arrive(Dossier, EffectKey, notifies: Bool)
    /// The answer, or its absence, reaches us.
    case answer(Int, fence: Int64, EffectKey, Answer)
    case farmStarts(FarmItem)
    case farmEnds(FarmItem, job: Int64)
    case poll
    case sweep
    case carrier(Dossier, ShipmentObservation, at: Double)
    case shop(Dossier, ShopAct)
    case human(Dossier, HumanAct)
    case audit(Dossier)
}

enum ShopAct {
    case pay
    case edit
    case cancel
    case delete
}

enum HumanAct {
    case map
    case reprint(Int, attempt: Int)
    case markBad(Int)
    case retry(Int)
}

/// What came of a request, as we see it.
enum Answer {
    case made(Int)
    /// It may have happened.
    case unknown
    /// It certainly did not; asked for again after so many seconds.
    case notNow(Double)
    /// The vendor holds something that excludes it.
    case conflict
}

/// What the first half of a job found out, for its commit.
enum Reading {
    case nothing
    case production(version: Int64, copies: [WantedCopy])
    case farm([(item: FarmItem, changes: Int, observation: PrintObservation, job: Int64)])
    case made(EffectKey, vendorID: Int, from: SimulatedEffect.State)
    case cancelled(EffectKey)
    case withdrawn(isDeleted: Bool, job: Int64)
    case fulfilment(FulfilmentReading)
    case failed(RetryReading)
}

struct RetryReading {
    let seconds: Double
}

enum FulfilmentReading {
    case calls([Int64: Int])
    case alreadyFulfilled
    case nothingLeft
}

/// A job of the queue.
struct SimulatedJob {
    enum Kind {
        case takePayload(Int)
        case takeDeletion
        case note(print: Int, Order.PrintFact)
        case noteCreated
        case noteShipment
        case noteFulfilled
        case mapLines
        case planPrints
        case submit(print: Int, attempt: Int)
        case withdraw(print: Int, attempt: Int)
        case hearFarm(FarmItem, job: Int64, PrintObservation)
        case hearCarrier(ShipmentObservation, at: Double)
        case poll
        case planShipment
        case createParcel(generation: Int)
        case fetchLabel(generation: Int)
        case planFulfilment
        case createFulfilment(generation: Int)
    }

    enum State {
        case ready
        case running
        case dead
    }

    let kind: Kind
    /// Nil for what is about no order.
    let dossier: Dossier?
    var state = State.ready
    var fence: Int64 = 0
    var leaseUntil = 0.0
    var wrongCount = 0
    var notNowCount = 0
    var firstNotNowAt: Double?
}
