import Jobs
import Kernel

/// A body on its way into `jsonb`.
package struct RawPayload: Sendable {
    package let bytes: [UInt8]
    /// Nil when PostgreSQL's `jsonb` could not hold it (a number beyond its range): the inbox keeps the body itself.
    package let json: String?

    /// - Throws: `JobFailure.rejected` when it is no UTF-8 at all.
    package init(_ body: [UInt8]) throws {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw JobFailure.rejected("The body is not valid UTF-8.")
        }
        let value = try? JSON.decode(JSONValue.self, from: body)
        guard text.contains("\\u0000"), let value else {
            bytes = body
            json = value == nil ? nil : text
            return
        }
        bytes = try JSON.encode(value.withoutNulls)
        json = String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue {
    /// PostgreSQL's text cannot hold U+0000.
    fileprivate var withoutNulls: JSONValue {
        func clean(_ text: String) -> String {
            String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value != 0 }))
        }
        return switch self {
        case .string(let text): .string(clean(text))
        case .array(let elements): .array(elements.map(\.withoutNulls))
        case .object(let members):
            .object(Dictionary(members.map { (clean($0), $1.withoutNulls) }, uniquingKeysWith: { first, _ in first }))
        default: self
        }
    }
}
