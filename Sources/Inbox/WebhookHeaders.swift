import HTTPWire
import Kernel

/// Header fields on their way into the database and back: `[[name, value], …]` in the order they came.
enum WebhookHeaders {
    /// More of either does not come from a vendor.
    private static let countMaximum = 64
    private static let valueMaximum = 4096
    /// What proves the sender is of no use once it is verified, and SimplyPrint's is the secret itself.
    private static let secretParts = [
        "authorization", "cookie", "signature", "hmac", "token", "secret", "api-key", "apikey", "password",
    ]

    /// JSON of the fields without signatures and credentials.
    static func storable(_ fields: HTTPFields) -> String {
        let pairs = fields.fields.lazy
            .filter { field in !secretParts.contains { field.name.contains($0) } }
            .prefix(countMaximum)
            .map { [$0.name, String($0.value.prefix(valueMaximum)).replacing("\0", with: "?")] }
        return (try? JSON.text(Array(pairs))) ?? "[]"
    }

    static func read(_ json: String) throws -> HTTPFields {
        let pairs = try JSON.decode([[String]].self, from: json)
        return HTTPFields(pairs.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil })
    }
}
