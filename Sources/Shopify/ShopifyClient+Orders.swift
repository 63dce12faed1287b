package import FoundationEssentials
import HTTPClient
import HTTPWire
package import Kernel

/// Orders as the REST API gives them (contracts: Shopify §2.8).
///
/// REST and not GraphQL, on purpose: its bodies are the very bodies of the webhooks, so an order read here and one
/// that came by webhook are the same order, tips and legacy status words included, which GraphQL does not tell; and
/// `status=any` is documented to return closed and cancelled orders as well, which GraphQL's search does not promise.
extension ShopifyClient {
    /// One order in a list: which revision the shop has now.
    package struct OrderRevision: Hashable, Sendable {
        package let id: Int64
        package let updatedAt: Date
        package let isCancelled: Bool
        package let financialStatus: String?

        package init(id: Int64, updatedAt: Date, isCancelled: Bool, financialStatus: String?) {
            self.id = id
            self.updatedAt = updatedAt
            self.isCancelled = isCancelled
            self.financialStatus = financialStatus
        }
    }

    /// A page of revisions and the address of the next one; nil on the last.
    package struct OrderRevisionPage: Sendable {
        package let revisions: [OrderRevision]
        package let next: String?
    }

    /// Shopify's own most.
    package static let orderPageSize = 250

    /// Every order, in whatever state, that the shop touched since then; not in the order of the touches.
    /// - Parameter until: the last touch that is asked for; nil: whatever comes.
    package func orderRevisions(
        updatedSince since: Date, until: Date? = nil
    ) async throws(VendorFailure) -> OrderRevisionPage {
        let fields = "id,updated_at,cancelled_at,financial_status"
        let window =
            "&updated_at_min=\(Self.inQuery(since))" + (until.map { "&updated_at_max=\(Self.inQuery($0))" } ?? "")
        return try await orderRevisions(
            at: "\(restRoot)/orders.json?status=any\(window)&limit=\(Self.orderPageSize)&fields=\(fields)")
    }

    private static func inQuery(_ time: Date) -> String { Timestamp.format(time).replacing("+", with: "%2B") }

    /// - Parameter next: as the page before gave it.
    /// - Throws: `.malformed` for an address outside the shop's API: the token goes nowhere else.
    package func orderRevisions(after next: String) async throws(VendorFailure) -> OrderRevisionPage {
        // Behind a proxy the host may differ from ours: only what stands after it is taken over.
        guard let query = next.firstIndex(of: "?") else {
            throw VendorFailure(
                vendor: "shopify", operation: "orderRevisions", kind: .malformed, mayHaveHappened: false,
                message: "the next page has no cursor")
        }
        return try await orderRevisions(at: "\(restRoot)/orders.json\(next[query...])")
    }

    /// The whole order, byte for byte fit for the reader of order webhooks; nil when the shop has it no more.
    package func orderBody(_ id: Int64) async throws(VendorFailure) -> [UInt8]? {
        do {
            return try await get("order", "\(restRoot)/orders/\(id).json") { answer throws(VendorFailure) in
                let order = try answer.decode(Wire.RESTOrder.self).order
                guard let bytes = try? JSON.encode(order) else {
                    throw answer.failure(.malformed, "the order cannot be written again", mayHaveHappened: false)
                }
                return bytes
            }
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    private func orderRevisions(at url: String) async throws(VendorFailure) -> OrderRevisionPage {
        try await get("orderRevisions", url) { answer throws(VendorFailure) in
            let page = try answer.decode(Wire.RESTOrderRevisions.self)
            return OrderRevisionPage(
                revisions: page.revisions, next: LinkField.next(in: answer.response.fields["link"]))
        }
    }
}

/// `Link: <https://…?page_info=…>; rel="next"` (RFC 8288 §3).
enum LinkField {
    static func next(in field: String?) -> String? {
        guard let field else { return nil }
        for link in field.split(separator: ",") {
            let parts = link.split(separator: ";")
            guard let target = parts.first?.drop(while: { $0 == " " }), target.hasPrefix("<"),
                let end = target.firstIndex(of: ">"),
                parts.dropFirst().contains(where: { $0.filter { $0 != " " && $0 != "\"" } == "rel=next" })
            else { continue }
            return String(target[target.index(after: target.startIndex)..<end])
        }
        return nil
    }
}

extension Wire {
    struct RESTOrder: Decodable {
        let order: JSONValue
    }

    struct RESTOrderRevisions: Decodable {
        let revisions: [ShopifyClient.OrderRevision]

        init(from decoder: any Decoder) throws {
            revisions = try decoder.looseObject().list("orders", of: Entry.self).map(\.revision)
        }

        private struct Entry: Decodable {
            let revision: ShopifyClient.OrderRevision

            init(from decoder: any Decoder) throws {
                let object = try decoder.looseObject()
                let id = try object.requireInteger("id")
                guard let updatedAt = object.time("updated_at") else {
                    throw object.unreadable("updated_at", "not a time")
                }
                revision = .init(
                    id: id, updatedAt: updatedAt, isCancelled: object.time("cancelled_at") != nil,
                    financialStatus: object.filledText("financial_status")?.lowercased())
            }
        }
    }
}
