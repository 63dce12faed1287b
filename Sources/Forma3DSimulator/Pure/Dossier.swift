import Contracts
import Fulfilment
import Kernel
import Orders
import Printing
import Shipping
import Shopify

/// One order as everybody knows it: the shop's truth, our rows, and what the farm and the carrier hold of it.
final class Dossier {
    let number: Int
    let placedAt: Double

    // The shop.
    var truth: ShopifyOrderPayload
    var revisions: [(payload: ShopifyOrderPayload, revision: Order.Revision)] = []
    var isDeleted = false
    var isCancelledInShop = false
    /// The catalogue knows what its lines are made of.
    var isMapped = true
    var shopFulfilments: [ShopFulfilment] = []
    var mails = 0

    // Our rows.
    var order: Order?
    var deletedAt: Double?
    var prints: [PrintJob] = []
    var planVersion: Int64 = 0
    var shipment: Shipment?
    var fulfilment: Fulfilment?
    var isPlanComplete = false
    var isSaidFulfilled = false
    var fulfilments = 0
    var effects: [EffectKey: SimulatedEffect] = [:]
    /// How often "printed" was said; what a shop would go by that counts.
    var countedPrints = 0

    // Farm and carrier.
    var items: [EffectKey: [FarmItem]] = [:]
    var parcels: [EffectKey: [Parcel]] = [:]
    /// What the carrier has to say, with its clock.
    var carrierWords: [(observation: ShipmentObservation, at: Double)] = []
    /// What we recorded as ours.
    var recordedItems: [EffectKey: FarmItem] = [:]

    /// Jobs that are not done yet.
    var openJobs = 0
    var version = 0
    private var log: [(at: Double, what: String)] = []

    init(number: Int, placedAt: Double, truth: ShopifyOrderPayload) {
        self.number = number
        self.placedAt = placedAt
        self.truth = truth
    }

    private static let logMaximum = 40

    func note(_ what: @autoclosure () -> String, at: Double) {
        if log.count >= 2 * Self.logMaximum { log.removeFirst(Self.logMaximum) }
        log.append((at, what()))
    }

    var history: [String] {
        log.suffix(Self.logMaximum).map { entry in
            let seconds = Int(entry.at)
            return
                "day \(seconds / 86_400) \(seconds % 86_400 / 3_600):\(seconds % 3_600 / 60):\(seconds % 60) \(entry.what)"
        }
    }
}

/// An effect by what it is for: the entity within the order, and the attempt or generation.
struct EffectKey: Hashable, Sendable {
    enum Kind: Sendable {
        case queueItem
        case parcel
        case fulfilment
    }

    let kind: Kind
    let entity: Int
    let generation: Int
}

/// The intent's row.
struct SimulatedEffect: Sendable {
    enum State: Sendable {
        case planned
        case sent
        case done
        case unknown
        case cancelled
    }

    var state = State.planned
    var fence: Int64 = 0
    var sends = 0
    var sentAt = 0.0
    var wasUnknown = false
    var vendorID: Int?
    /// A process froze between its last look at the lease and the wire: the one window that is left (ADR-045), which the
    /// sweep closes.
    var mayBeTwice = false
}

/// One item of the farm's queue.
final class FarmItem {
    enum State {
        case waiting
        case printing
        case finished
        case failed
        case cancelled
        case deleted
    }

    let id: Int
    let key: EffectKey
    let dossier: Dossier
    /// From when on a look-up shows it.
    let visibleAt: Double
    var state = State.waiting
    var job: Int64 = 0
    /// The job that our rows know by its uid.
    var knownJob: Int64 = 0
    /// Rises with every change; what a poll has not told yet is dirty.
    var changes = 0
    var isDirty = false
    /// A copy is to be printed again.
    var isReturned = false

    init(id: Int, key: EffectKey, dossier: Dossier, visibleAt: Double) {
        self.id = id
        self.key = key
        self.dossier = dossier
        self.visibleAt = visibleAt
    }

    var isAlive: Bool { state != .deleted }
}

/// One parcel at the carrier.
final class Parcel {
    let id: Int
    let visibleAt: Double
    var isAlive = true

    init(id: Int, visibleAt: Double) {
        self.id = id
        self.visibleAt = visibleAt
    }
}

/// One fulfilment that the shop has.
struct ShopFulfilment {
    let id: Int
    let key: EffectKey
    let visibleAt: Double
    let lines: [Int64: Int]
}
