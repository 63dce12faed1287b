import Orders
import Printing
import Kernel
import Shopify
import Contracts
import Foundation
import Shipping

// What must be true of every order in the end.
extension PureSimulation {
    mutating func audit(_ dossier: Dossier) {
        open[dossier.number] = nil
        guard let order = dossier.order else { return fail("an order was lost", dossier) }
        if dossier.openJobs > 0 { fail("\(dossier.openJobs) jobs of an old order are not done", dossier) }
        guard [.fulfilled, .cancelled, .closed].contains(order.status) else {
            let settled = dossier.prints.map { "\($0.state) \($0.attempt)" }.joined(separator: ", ")
            return fail(
                "an order is stuck as \(order.status), attention \(order.attention?.code ?? "none"), prints \(settled), shipment \(dossier.shipment?.state.rawValue ?? "none")",
                dossier)
        }
        if order.status == .fulfilled { counts.fulfilled += 1 } else { counts.cancelled += 1 }
        if let newest = dossier.revisions.map(\.revision).max(),
            order.revision != newest
                || order.financialStatus != dossier.truth.financialStatus
        {
            fail("an older payload holds", dossier)
        }
        if dossier.isCancelledInShop, order.cancelledAt == nil { fail("a cancellation was lost", dossier) }
        if !dossier.shopFulfilments.isEmpty, order.status != .fulfilled { fail("a fulfilment was lost", dossier) }
        if dossier.shopFulfilments.count > 1 { fail("more than one fulfilment took effect", dossier) }
        auditVendors(dossier)
    }

    private mutating func auditVendors(_ dossier: Dossier) {
        for (key, effect) in dossier.effects where [.sent, .unknown].contains(effect.state) {
            fail("the \(key.kind) \(key.entity)-\(key.generation) was never settled", dossier)
        }
        for (key, items) in dossier.items {
            let alive = items.count { $0.isAlive }
            if alive > 1 { fail("\(alive) queue items are left under one reference", dossier) }
            // Nothing may be left waiting at the farm for an order that is over.
            if let left = items.first(where: { $0.state == .waiting || $0.state == .printing }) {
                fail("a queue item (\(left.state)) of print \(key.entity)-\(key.generation) was forgotten", dossier)
            }
        }
        for parcels in dossier.parcels.values where parcels.count(where: \.isAlive) > 1 {
            fail("more than one living parcel is left under one reference", dossier)
        }
        auditShipment(dossier)
    }

    /// The carrier's words, however they came, say what they say in their own order.
    private mutating func auditShipment(_ dossier: Dossier) {
        guard let shipment = dossier.shipment, shipment.labelDigest != nil else { return }
        var told = ShipmentMachine.Life(state: .labelReady, hasParcel: true, hasLabel: true)
        for (word, at) in dossier.carrierWords {
            told = ShipmentMachine.after(word, at: World.start.addingTimeInterval(at), in: told)
        }
        if told.state != shipment.state { fail("the parcel is \(told.state), our row says \(shipment.state)", dossier) }
    }
}
