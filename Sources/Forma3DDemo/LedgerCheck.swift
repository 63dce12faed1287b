import Kernel

/// Reads the stand-ins' ledger of effects and says what did not happen exactly once.
enum LedgerCheck {
    /// - Parameters:
    ///   - orders: the orders with everything, as the server shows them.
    ///   - ledger: of all three vendors.
    /// - Returns: one sentence for each thing that is wrong; by order number.
    static func complaints(orders: [JSONValue], ledger: JSONValue) -> [String: [String]] {
        var complaints: [String: [String]] = [:]
        for order in orders {
            let name = order["orderNumber"]?.string ?? "?"
            let found =
                fulfilments(order, ledger) + parcels(order, name, ledger) + queueItems(order, ledger)
            if !found.isEmpty { complaints[name] = found }
        }
        return complaints
    }

    private static func fulfilments(_ order: JSONValue, _ ledger: JSONValue) -> [String] {
        let id = order["shopifyOrderId"]?.string ?? ""
        let made = entries(ledger, "shopify", "fulfillments").filter {
            $0["orderId"].flatMap(DemoAPI.digits) == id && $0["cancelled"] != true
        }
        var complaints: [String] = []
        if made.count != 1 { complaints.append("\(made.count) fulfilments at Shopify instead of 1") }
        let notified = made.count { $0["notifyCustomer"] == true }
        if notified != 1 { complaints.append("the customer was told \(notified) times instead of once") }
        let shown = entries(ledger, "shopify", "orders").first { $0["id"].flatMap(DemoAPI.digits) == id }
        let status = shown?["displayFulfillmentStatus"]?.string ?? "nothing"
        if status != "FULFILLED" { complaints.append("Shopify shows \(status) instead of FULFILLED") }
        return complaints
    }

    private static func parcels(_ order: JSONValue, _ name: String, _ ledger: JSONValue) -> [String] {
        let made = entries(ledger, "sendcloud", "parcels").filter {
            $0["orderNumber"]?.string == name && $0["cancelled"] != true
        }
        return made.count == 1 ? [] : ["\(made.count) parcels at Sendcloud instead of 1"]
    }

    /// Every print job of the order has one queue item of one copy, known by our reference.
    private static func queueItems(_ order: JSONValue, _ ledger: JSONValue) -> [String] {
        let items = entries(ledger, "simplyprint", "queueItems").filter { $0["deleted"] != true }
        let byReference = Dictionary(grouping: items) { $0["reference"]?.string ?? "" }
        var complaints: [String] = []
        for job in order["printJobs"]?.array ?? [] {
            guard let id = job["id"]?.string else { continue }
            let references = byReference.keys.filter { $0.hasPrefix(id) }
            let count = references.reduce(0) { $0 + (byReference[$1]?.count ?? 0) }
            if count != 1 { complaints.append("\(count) queue items at SimplyPrint for one print job") }
        }
        if order["printJobs"]?.array?.isEmpty != false { complaints.append("no print jobs") }
        return complaints
    }

    private static func entries(_ ledger: JSONValue, _ vendor: String, _ list: String) -> [JSONValue] {
        ledger[vendor]?[list]?.array ?? []
    }
}
