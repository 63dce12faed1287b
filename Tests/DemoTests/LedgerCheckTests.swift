import Kernel
import Testing

@testable import Forma3DDemo

@Suite struct LedgerCheckTests {
    private let order: JSONValue = [
        "orderNumber": "#1001", "shopifyOrderId": "42", "printJobs": [["id": "job-a"], ["id": "job-b"]],
    ]

    private func ledger(
        items: [JSONValue]? = nil, parcels: [JSONValue]? = nil, fulfilments: [JSONValue]? = nil,
        status: String = "FULFILLED"
    ) -> JSONValue {
        let item: (String) -> JSONValue = { ["reference": .string($0), "deleted": false] }
        return [
            "simplyprint": ["queueItems": .array(items ?? [item("job-a-1"), item("job-b-1")])],
            "sendcloud": ["parcels": .array(parcels ?? [["orderNumber": "#1001", "cancelled": false]])],
            "shopify": [
                "fulfillments": .array(
                    fulfilments
                        ?? [["orderId": "gid://shopify/Order/42", "notifyCustomer": true, "cancelled": false]]),
                "orders": [["id": "42", "displayFulfillmentStatus": .string(status)]],
            ],
        ]
    }

    private func complaints(_ ledger: JSONValue) -> Int {
        LedgerCheck.complaints(orders: [order], ledger: ledger)["#1001"]?.count ?? 0
    }

    @Test func onceIsFine() {
        #expect(complaints(ledger()) == 0)
    }

    @Test func twiceAndNeverAreNot() {
        let fulfilment: JSONValue = ["orderId": "42", "notifyCustomer": true]
        let quiet: JSONValue = ["orderId": "42", "notifyCustomer": false]
        #expect(complaints(ledger(fulfilments: [fulfilment, fulfilment])) == 2)
        #expect(complaints(ledger(fulfilments: [fulfilment, quiet])) == 1)
        #expect(complaints(ledger(fulfilments: [])) == 2)
        #expect(complaints(ledger(parcels: [])) == 1)
        #expect(complaints(ledger(parcels: [["orderNumber": "#1001"], ["orderNumber": "#1001"]])) == 1)
        #expect(complaints(ledger(status: "UNFULFILLED")) == 1)
        #expect(complaints(ledger(items: [["reference": "job-a-1"]])) == 1)
        #expect(complaints(ledger(items: ["job-a-1", "job-b-1", "job-b-2"].map { ["reference": .string($0)] })) == 1)
    }

    @Test func whatWasTakenBackDoesNotCount() {
        let cancelled: JSONValue = ["orderNumber": "#1001", "cancelled": true]
        #expect(complaints(ledger(parcels: [cancelled, ["orderNumber": "#1001", "cancelled": false]])) == 0)
    }
}
