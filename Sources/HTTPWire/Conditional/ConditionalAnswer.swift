/// Makes of a whole answer what the request's conditions and ranges ask for: 200, 206, 304, 412 or 416.
package enum ConditionalAnswer {
    /// - Parameters:
    ///   - request: GET or HEAD.
    ///   - whole: a 200 with its body in hand and its `ETag`, `Last-Modified` and such set.
    ///   - validators: what those two fields say.
    package static func answer(
        to request: HTTPRequest, whole: HTTPResponse, validators: Preconditions.Validators, currentYear: Int
    ) -> HTTPResponse {
        guard Preconditions.arePresent(in: request.fields) else { return whole }
        let outcome = Preconditions.evaluate(
            method: request.method, fields: request.fields, validators: validators, currentYear: currentYear)
        switch outcome {
        case .notModified: return notModified(whole)
        case .failed: return HTTPResponse(status: 412)
        case .proceed(rangeCounts: false): return whole
        case .proceed(rangeCounts: true): return partial(whole, request.fields.values("range"))
        }
    }

    /// What a 200 would have said of caching, nothing of its content (RFC 9110 §15.4.5). `Last-Modified` is kept only
    /// where there is no tag.
    package static func notModified(_ whole: HTTPResponse) -> HTTPResponse {
        var fields = HTTPFields()
        let hasTag = whole.fields["etag"] != nil
        for field in whole.fields.fields {
            switch field.name {
            case "content-type", "content-encoding", "content-language", "content-range", "accept-ranges": continue
            case "last-modified" where hasTag: continue
            default: fields.append(field)
            }
        }
        return HTTPResponse(status: 304, fields: fields)
    }

    private static func partial(_ whole: HTTPResponse, _ lines: [String]) -> HTTPResponse {
        guard let bytes = whole.bodyBytes, lines.count == 1 else { return whole }
        switch ByteRanges(lines[0], lengthBytes: bytes.count) {
        case .whole: return whole
        case .unsatisfiable:
            return HTTPResponse(
                status: 416, fields: ["content-range": ByteRanges.contentRange(nil, lengthBytes: bytes.count)])
        case .some(let ranges) where ranges.count == 1:
            var response = whole
            response.status = 206
            response.fields["content-range"] = ByteRanges.contentRange(ranges[0], lengthBytes: bytes.count)
            response.body = .bytes(Array(bytes[ranges[0]]))
            return response
        case .some(let ranges): return multipart(whole, bytes, ranges)
        }
    }

    /// `multipart/byteranges` (RFC 9110 §14.6): the type of the content moves into the parts.
    private static func multipart(_ whole: HTTPResponse, _ bytes: [UInt8], _ ranges: [Range<Int>]) -> HTTPResponse {
        let boundary = boundary(notIn: ranges, of: bytes)
        let type = whole.fields["content-type"].map { "content-type: \($0)\r\n" } ?? ""
        var body: [UInt8] = []
        body.reserveCapacity(ranges.reduce(64) { $0 + $1.count + 160 })
        for range in ranges {
            let head = "--\(boundary)\r\n\(type)content-range: "
            body += Array((head + ByteRanges.contentRange(range, lengthBytes: bytes.count) + "\r\n\r\n").utf8)
            body += bytes[range]
            body += Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        var response = whole
        response.status = 206
        response.fields["content-type"] = "multipart/byteranges; boundary=\(boundary)"
        response.body = .bytes(body)
        return response
    }

    /// The same for the same content, and in none of the parts (RFC 2046 §5.1.1).
    private static func boundary(notIn ranges: [Range<Int>], of bytes: [UInt8]) -> String {
        var number = bytes.count
        while true {
            let boundary = "forma3d-part-\(number)"
            let needle = Array(boundary.utf8)
            if !ranges.contains(where: { contains(bytes[$0], needle) }) { return boundary }
            number += 1
        }
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ needle: [UInt8]) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        var rest = bytes
        while let index = rest.firstIndex(of: first) {
            if bytes[index...].starts(with: needle) { return true }
            rest = bytes[(index + 1)...]
        }
        return false
    }
}
