extension Order {
    /// What an operator has to know or do: a stable code, the reason, and the action.
    package struct Concern: Hashable, Sendable {
        package let code: String
        package let reason: String
        package let action: String
    }

    /// The first thing that keeps the order from going on by itself.
    package var concern: Concern? {
        if isTest { return nil }
        if cancelledAt != nil { return cancelledLate }
        if let changedLate { return changedLate }
        if fulfilledAt != nil || isFulfilledElsewhere { return nil }
        return payment ?? tooLarge ?? unmapped ?? addressless
    }

    private var cancelledLate: Concern? {
        guard productionStartedAt != nil else { return nil }
        return Concern(
            code: "cancelled-after-start", reason: "The shop cancelled this order after printing had started.",
            action: "Stop prints that still run in SimplyPrint and set finished parts aside.")
    }

    /// The parcel was made up from what was printed when the order was ready: what came later is not in it.
    private var changedLate: Concern? {
        guard readyAt != nil, isOwed, lines.contains(where: \.isToBeMade), !isWholePrinted else { return nil }
        // A bad print leaves the set and comes back as a further attempt.
        if printFacts.values.contains(where: { $0.attempt > 1 || $0.outcome == .bad }) {
            return Concern(
                code: "part-bad-after-parcel", reason: "A part turned out bad after the parcel had been made.",
                action: "It is printed again; put it into the parcel, or send it by hand if that has left.")
        }
        return Concern(
            code: "changed-after-ready", reason: "Lines or quantities were added after everything had been printed.",
            action: "What was added is printed when it is mapped, but not sent: ship and fulfil it in Shopify by hand.")
    }

    private var payment: Concern? {
        guard productionStartedAt != nil else { return nil }
        return switch Payment(financialStatus: financialStatus) {
        case .paid: nil
        case .returned:
            Concern(
                code: "refunded-after-start", reason: "The money was given back after printing had started.",
                action: "Set finished parts aside; cancel the order in Shopify if nothing is to be sent.")
        case .awaited:
            Concern(
                code: "payment-open", reason: "The order is not fully paid any more; prints that wait were taken back.",
                action: "Collect the rest in Shopify; printing goes on by itself when the order is paid.")
        }
    }

    private var tooLarge: Concern? {
        guard isBeyondLimit else { return nil }
        return Concern(
            code: "too-many-prints", reason: "The order asks for more than \(Self.copiesMaximum) prints.",
            action: "Check the quantities in Shopify and the product mapping; lower them and the order goes on.")
    }

    private var unmapped: Concern? {
        let waiting = lines.filter { $0.isToBeMade && $0.mapping == nil }
        guard isProducing, !waiting.isEmpty else { return nil }
        let names = waiting.prefix(3).map { "\($0.title)\($0.sku.map { " (SKU \($0))" } ?? "")" }
        let more = waiting.count > 3 ? " and \(waiting.count - 3) more" : ""
        return Concern(
            code: "line-unmapped", reason: "No product mapping for: \(names.joined(separator: ", "))\(more).",
            action: "Create a product mapping for it; the order goes on by itself.")
    }

    private var addressless: Concern? {
        guard isProducing, address == nil, lines.contains(where: \.isToBeMade) else { return nil }
        return Concern(
            code: "address-missing", reason: "The order has no shipping address, so no label can be bought.",
            action: "Add the address to the order in Shopify; or hand the order over and fulfil it there.")
    }
}
