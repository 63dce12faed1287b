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
    ].map { Array($0.utf8) }

    /// JSON of the fields without signatures and credentials.
    ///
    /// Bytes, not characters: this was two thirds of what a webhook cost the server.
    static func storable(_ fields: HTTPFields) -> String {
        var json: [UInt8] = [UInt8(ascii: "[")]
        var count = 0
        for field in fields.fields where count < countMaximum && !isSecret(field.name) {
            if count > 0 { json.append(UInt8(ascii: ",")) }
            count += 1
            json.append(UInt8(ascii: "["))
            append(field.name, to: &json)
            json.append(UInt8(ascii: ","))
            append(
                field.value.utf8.count <= valueMaximum ? field.value : String(field.value.prefix(valueMaximum)),
                to: &json)
            json.append(UInt8(ascii: "]"))
        }
        json.append(UInt8(ascii: "]"))
        return String(decoding: json, as: UTF8.self)
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = Array(name.utf8)
        return secretParts.contains { part in
            guard name.count >= part.count else { return false }
            return (0...(name.count - part.count)).contains { name[$0...].starts(with: part) }
        }
    }

    /// A JSON string (RFC 8259 §7); PostgreSQL's jsonb has no U+0000.
    private static func append(_ text: String, to json: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        json.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case 0: json.append(UInt8(ascii: "?"))
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
            case ..<0x20: json += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }

    static func read(_ json: String) throws -> HTTPFields {
        let pairs = try JSON.decode([[String]].self, from: json)
        return HTTPFields(pairs.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil })
    }
}
