import Contracts
import Foundation
import Jobs
import Kernel
import Orders
import Shopify
import Synchronization

/// A shop, a farm and a carrier over years of simulated time: the real machines and rules, driven by a simulated shell
/// that keeps the queue's and the effects' promises, in a world that breaks what a world can break.
///
/// One seed gives one history, to the last event.
package struct PureSimulation {
    struct Counts {
        var orders = 0
        var jobs = 0
        var claims = 0
        var rescues = 0
        var staleCompletionsRefused = 0
        var staleSendsRefused = 0
        var sends = 0
        var lookUpsAdopted = 0
        var extrasCancelled = 0
        var prints = 0
        var reprints = 0
        var fulfilled = 0
        var cancelled = 0
        var events = 0
    }

    let seed: SimulationSeed
    let broken: BrokenRule?
    let template: ShopifyOrderPayload
    let identities: Identities
    let settings = JobSettings()
    let policy: RetryPolicy

    var random: SeededRandom
    var agenda = SimulationAgenda<Happening>()
    var now = 0.0
    var jobs: [Int: SimulatedJob] = [:]
    var fence: Int64 = 0
    var farmJobs: Int64 = 0
    var vendorIDs = 0
    /// Items of which the poll has not told the last change.
    var dirty: [FarmItem] = []
    var isPollDue = false
    var isSweepDue = false
    var doubtful: [(dossier: Dossier, key: EffectKey, doneAt: Double)] = []
    var open: [Int: Dossier] = [:]
    /// The current commit loses its events and jobs (a broken rule).
    var isTorn = false
    var counts = Counts()
    var violation: SimulationReport.Violation?

    /// - Parameter broken: a rule to leave out; nil: none.
    /// - Throws: never in practice: the order that all others are made from cannot be read.
    package init(_ seed: SimulationSeed, broken: BrokenRule? = nil) throws {
        self.seed = seed
        self.broken = broken
        template = try ShopifyOrderPayload.decode(Array(World.orderBody.utf8))
        policy = RetryPolicy(settings)
        random = SeededRandom(seed: seed.number)
        let source = Mutex(SeededRandom(seed: seed.number ^ 0xa5a5_a5a5_a5a5_a5a5))
        identities = Identities {
            source.withLock { Identities.uuidV7(at: World.start, using: &$0) }
        }
    }

    /// Lets it all happen.
    package mutating func run() -> SimulationReport {
        agenda.add(.place, at: random.pause(mean: 86_400 / Double(seed.ordersPerDay)))
        while violation == nil, let (at, happening) = agenda.next() {
            now = at
            happen(happening)
        }
        if violation == nil, let lost = open.values.first { fail("an order was never looked at again", lost) }
        return SimulationReport(
            seed: seed,
            counts: [
                ("orders", counts.orders), ("fulfilled", counts.fulfilled), ("cancelled or closed", counts.cancelled),
                ("events", counts.events), ("jobs", counts.jobs), ("claims", counts.claims),
                ("rescues", counts.rescues), ("stale completions refused", counts.staleCompletionsRefused),
                ("stale sends refused", counts.staleSendsRefused), ("sends", counts.sends),
                ("found at the vendor and adopted", counts.lookUpsAdopted),
                ("extras cancelled", counts.extrasCancelled), ("prints", counts.prints),
                ("reprints", counts.reprints),
            ], violation: violation)
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .place: place()
        case .payload(let dossier, let revision): enqueue(.takePayload(revision), dossier)
        case .deletion(let dossier): enqueue(.takeDeletion, dossier)
        case .claim(let id): claim(id)
        case .leaseEnds(let id, let fence): rescue(id, fence)
        case .commit(let id, let fence, let reading): commit(id, fence, reading)
        case .wire(let id, let fence, let dossier, let key): goToWire(id, fence, dossier, key)
        case .arrive(let dossier, let key, let notifies): _ = arrive(dossier, key, notifies: notifies)
        case .answer(let id, let fence, let key, let answer): hear(answer, id, fence, key)
        case .farmStarts(let item): startPrint(item)
        case .farmEnds(let item, let job): endPrint(item, job)
        case .poll:
            isPollDue = false
            enqueue(.poll, nil)
        case .sweep: sweep()
        case .carrier(let dossier, let observation, let at): enqueue(.hearCarrier(observation, at: at), dossier)
        case .shop(let dossier, let act): change(dossier, act)
        case .human(let dossier, let act): humanDoes(act, dossier)
        case .audit(let dossier): audit(dossier)
        }
    }

    var date: Date { World.start.addingTimeInterval(now) }

    mutating func fail(_ what: String, _ dossier: Dossier?) {
        guard violation == nil else { return }
        violation = .init(
            what: what, order: dossier.map { "#\($0.number)" } ?? "none", history: dossier?.history ?? [])
    }
}
