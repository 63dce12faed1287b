package import HTTPWire
import Kernel

/// The answer to GET or HEAD of bytes with a name of their own: conditions and ranges included.
package enum FileAnswer {
    /// What may be said of a file before its bytes are at hand; nil where they are needed.
    package static func notModified(_ request: HTTPRequest, tag: String) -> HTTPResponse? {
        guard Preconditions.arePresent(in: request.fields) else { return nil }
        let outcome = Preconditions.evaluate(
            method: request.method, fields: request.fields, validators: .init(entityTag: EntityTag(tag)),
            currentYear: currentYear)
        guard outcome == .notModified, let entity = EntityTag(tag) else { return nil }
        return ConditionalAnswer.notModified(HTTPResponse(fields: ["etag": entity.description]))
    }

    /// - Parameters:
    ///   - tag: names exactly these bytes.
    ///   - fields: beside the type and the tag.
    /// - Throws: `Problem` 412 and 416.
    package static func answer(
        to request: HTTPRequest, bytes: [UInt8], mediaType: String, tag: String, fields: HTTPFields = [:]
    ) throws -> HTTPResponse {
        let entity = EntityTag(tag)
        var own: HTTPFields = ["content-type": mediaType, "accept-ranges": "bytes"]
        if let entity { own["etag"] = entity.description }
        for field in fields.fields { own[field.name] = field.value }
        let answer = ConditionalAnswer.answer(
            to: request, whole: HTTPResponse(fields: own, body: .bytes(bytes)), validators: .init(entityTag: entity),
            currentYear: currentYear)
        switch answer.status {
        case 412:
            throw Problem(
                code: "precondition-failed", status: 412,
                detail: "It is another one than If-Match or its like asks for.")
        case 416:
            throw Problem(
                code: "range-not-satisfiable", status: 416, detail: "It has \(bytes.count) bytes and ends there.")
        default: return answer
        }
    }

    /// For dates of RFC 850's form, of which these files have none.
    private static let currentYear = 2_026
}
