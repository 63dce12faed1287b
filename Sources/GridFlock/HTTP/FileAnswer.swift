import FoundationEssentials
package import HTTPWire
package import Kernel
import Routing

/// The answer to GET or HEAD of bytes with a name of their own: conditions and ranges included.
package enum FileAnswer {
    /// What it may answer beside 200, for the API reference: a part of the bytes, and that they are still the same.
    static let alsoAnswers = [206, 304]

    /// What may be said of a file before its bytes are at hand; nil where they are needed.
    /// - Parameter fields: what the 200 says of caching beside its tag.
    package static func notModified(
        _ request: HTTPRequest, tag: String, fields: HTTPFields = [:], time: Time
    ) -> HTTPResponse? {
        guard Preconditions.arePresent(in: request.fields) else { return nil }
        let outcome = Preconditions.evaluate(
            method: request.method, fields: request.fields, validators: .init(entityTag: EntityTag(tag)),
            currentYear: currentYear(time))
        guard outcome == .notModified, let entity = EntityTag(tag) else { return nil }
        var own: HTTPFields = ["etag": entity.description]
        for field in fields.fields { own[field.name] = field.value }
        return ConditionalAnswer.notModified(HTTPResponse(fields: own))
    }

    /// - Parameters:
    ///   - tag: names exactly these bytes.
    ///   - fields: beside the type and the tag.
    /// - Throws: `Problem` 412.
    package static func answer(
        to request: HTTPRequest, bytes: [UInt8], mediaType: String, tag: String, fields: HTTPFields = [:], time: Time
    ) throws -> HTTPResponse {
        let entity = EntityTag(tag)
        var own: HTTPFields = ["content-type": mediaType, "accept-ranges": "bytes"]
        if let entity { own["etag"] = entity.description }
        for field in fields.fields { own[field.name] = field.value }
        let answer = ConditionalAnswer.answer(
            to: request, whole: HTTPResponse(fields: own, body: .bytes(bytes)), validators: .init(entityTag: entity),
            currentYear: currentYear(time))
        switch answer.status {
        case 412:
            throw Problem(
                code: "precondition-failed", status: 412,
                detail: "It is another one than If-Match or its like asks for.")
        case 416:
            // With `Content-Range: bytes */n`, by which a client knows what it could have asked for (RFC 9110 §15.5.17).
            var refusal = Problem(
                code: "range-not-satisfiable", status: 416, detail: "It has \(bytes.count) bytes and ends there."
            ).response(requestID: CorrelationID.current?.text ?? "")
            for field in answer.fields.fields { refusal.fields[field.name] = field.value }
            return refusal
        default: return answer
        }
    }

    /// For dates of RFC 850's form, which have two digits of the year.
    private static func currentYear(_ time: Time) -> Int {
        1970 + Int((time.now().timeIntervalSince1970 / 31_556_952).rounded(.down))
    }
}
