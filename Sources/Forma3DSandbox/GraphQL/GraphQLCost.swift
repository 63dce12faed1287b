/// Query cost as measured on a live shop: `2 + ⌈log2(n + 1)⌉ · node` reproduces the recorded figures of
/// `fulfillmentCreate` (19 requested, 15 actual) and `locations(first: 20)` (7); Shopify publishes no formula.
enum GraphQLCost {
    /// A single query dearer than this is refused whatever the bucket holds.
    static let singleQueryMaximum = 1_000

    static func connection(count: Int, nodeCost: Int) -> Int {
        guard count > 0 else { return 2 }
        var steps = 0
        while (1 << steps) < count + 1, steps < 20 { steps += 1 }
        return 2 + steps * nodeCost
    }

    static func isConnectionList(_ field: String, of type: String) -> Bool {
        type.hasSuffix("Connection") && (field == "nodes" || field == "edges")
    }
}
