import HTTPWire
package import Kernel

/// A complete answer of a vendor, and the failures that can be made of it.
package struct VendorAnswer: Sendable {
    package let vendor: String
    package let operation: String
    package let response: HTTPClientResponse

    package var status: Int { response.status.code }
    /// The vendor's own id for the call, for its support; Shopify and Sendcloud send one.
    package var requestID: String? { response.fields["x-request-id"].map { VendorText.clean($0) } }

    /// A failure of this call.
    package func failure(
        _ kind: VendorFailure.Kind, _ message: String, mayHaveHappened: Bool, retryAfterSeconds: Double? = nil
    ) -> VendorFailure {
        VendorFailure(
            vendor: vendor, operation: operation, kind: kind, status: status, requestID: requestID,
            retryAfterSeconds: retryAfterSeconds, mayHaveHappened: mayHaveHappened, message: message)
    }

    /// The failure an answer outside 200…299 stands for.
    /// - Parameter text: the vendor's own words out of the body; nil when there were none.
    package func failureOfStatus(text: String?) -> VendorFailure {
        let kind = Self.kind(status: status)
        // A 5xx, a 408 and a redirect say nothing about what the vendor did before it answered so.
        let mayHaveHappened = !(400..<500).contains(status) || status == 408
        let words = text.map { VendorText.clean($0) } ?? (looksLikeHTML ? "an HTML page instead of an answer" : nil)
        return failure(
            kind, words.map { "\(status): \($0)" } ?? "\(status) \(response.status.reason)",
            mayHaveHappened: mayHaveHappened,
            retryAfterSeconds: [.rateLimited, .broken].contains(kind) ? retryAfterSeconds : nil)
    }

    /// The body as JSON of that shape.
    /// - Throws: `malformed`, or `broken` for an HTML page; both may have happened.
    package func decode<Value: Decodable>(_ type: Value.Type) throws(VendorFailure) -> Value {
        do {
            return try JSON.decode(type, from: response.body)
        } catch let error as DecodingError {
            if looksLikeHTML {
                throw failure(.broken, "an HTML page instead of an answer", mayHaveHappened: true)
            }
            throw failure(.malformed, "the answer is not understood at \(error.place)", mayHaveHappened: true)
        } catch {
            throw failure(.malformed, "the answer is not understood", mayHaveHappened: true)
        }
    }

    /// `Retry-After` in seconds; Shopify writes a fraction. The date form is not read: it needs a clock we agree on.
    package var retryAfterSeconds: Double? {
        guard let text = response.fields["retry-after"], let seconds = Double(text), seconds.isFinite, seconds >= 0
        else { return nil }
        return min(seconds, Self.retryAfterSecondsMaximum)
    }

    /// Longer waits are the queue's decision, not the vendor's.
    package static let retryAfterSecondsMaximum = 3_600.0

    private static func kind(status: Int) -> VendorFailure.Kind {
        switch status {
        case 401, 402, 403, 423: .unauthorized
        case 404, 410: .notFound
        case 408: .timedOut
        case 409: .conflict
        // 430 is Shopify's security refusal of a caller that is too fast.
        case 429, 430: .rateLimited
        case 400..<500: .rejected
        case 500...: .broken
        default: .malformed
        }
    }

    private var looksLikeHTML: Bool {
        response.body.first { $0 > 0x20 } == UInt8(ascii: "<")
    }
}

/// A vendor's words, made fit for one log line.
package enum VendorText {
    package static let charactersMaximum = 300

    /// One line of visible characters, at most 300, without e-mail addresses: carriers quote the buyer's.
    package static func clean(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).map { $0.contains("@") ? "[e-mail]" : $0 }
        let visible = words.joined(separator: " ")
            .filter { character in character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
        guard visible.count > charactersMaximum else { return visible }
        return String(visible.prefix(charactersMaximum)) + "…"
    }
}

extension DecodingError {
    /// Where in the JSON it went wrong, `line_items[0].id`: keys only, never a value.
    package var place: String {
        let path: [any CodingKey] =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            @unknown default: []
            }
        let text = path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? "its root" : text
    }
}
