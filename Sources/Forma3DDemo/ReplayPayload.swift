import Foundation
import Kernel

/// One recorded payload as a delivery: from which vendor, on which topic, about which order.
struct ReplayPayload: Sendable {
    enum Vendor: String, Sendable, CaseIterable {
        case shopify, simplyprint, sendcloud
    }

    let file: String
    let vendor: Vendor
    /// Shopify's, `orders/create`.
    let topic: String
    /// The bytes as recorded, or one order out of a recorded list.
    let body: [UInt8]
    /// Every `.json` below a folder, in the order of their paths. Lists of orders (`{"orders": […]}`) become one
    /// delivery each; everything else is sent byte for byte, broken or not.
    static func all(below folder: String, vendor: Vendor?, topic: String?) throws -> [ReplayPayload] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else {
            throw DemoFailure("cannot read the folder \(folder)")
        }
        let paths = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted()
        guard !paths.isEmpty else { throw DemoFailure("there is no .json file below \(folder)") }
        return try paths.flatMap { path in
            let bytes = Array(try Data(contentsOf: URL(filePath: folder).appending(path: path)))
            return payloads(file: path, bytes: bytes, vendor: vendor, topic: topic)
        }
    }

    static func payloads(file: String, bytes: [UInt8], vendor: Vendor?, topic: String?) -> [ReplayPayload] {
        let content = try? JSON.decode(JSONValue.self, from: bytes)
        let vendor = vendor ?? guessVendor(file, content ?? .null)
        guard vendor == .shopify else { return [one(file, content ?? .null, bytes, vendor, topic)] }
        if let orders = content?["orders"]?.array {
            return orders.enumerated().compactMap { index, order in
                guard let body = try? JSON.encode(order) else { return nil }
                return one("\(file)[\(index)]", order, body, vendor, topic)
            }
        }
        if let order = content?["order"], order["line_items"] != nil, let body = try? JSON.encode(order) {
            return [one(file, order, body, vendor, topic)]
        }
        return [one(file, content ?? .null, bytes, vendor, topic)]
    }

    private static func one(
        _ file: String, _ content: JSONValue, _ body: [UInt8], _ vendor: Vendor, _ topic: String?
    ) -> ReplayPayload {
        ReplayPayload(file: file, vendor: vendor, topic: topic ?? guessTopic(content), body: body)
    }

    /// By the folder's name, else by members that only one vendor sends.
    static func guessVendor(_ file: String, _ content: JSONValue) -> Vendor {
        let path = file.lowercased()
        if let named = Vendor.allCases.first(where: { path.contains($0.rawValue) }) { return named }
        if content["webhook_id"] != nil, content["event"] != nil { return .simplyprint }
        if content["action"] != nil, content["timestamp"] != nil || content["parcel"] != nil { return .sendcloud }
        return .shopify
    }

    /// Shopify says the topic in a header, which recordings lack.
    static func guessTopic(_ content: JSONValue) -> String {
        if content["order_edit"] != nil { return "orders/edited" }
        if content["fulfillment_order"] != nil { return "fulfillment_orders/order_routing_complete" }
        if content["refund_line_items"] != nil { return "refunds/create" }
        if content["tracking_numbers"] != nil { return "fulfillments/create" }
        if case .object(let members) = content, members.count == 1, members["id"] != nil { return "orders/delete" }
        if let cancelledAt = content["cancelled_at"], cancelledAt != .null { return "orders/cancelled" }
        return "orders/create"
    }
}
