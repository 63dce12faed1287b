package import HTTPWire

/// A file held in memory with all that is ever said of it: worked out once, so that serving it is a copy.
package struct StaticFile: Sendable {
    package enum CachePolicy: Hashable, Sendable {
        /// The name changes with the content (`app.3f2a91.js`): never asked for again in a year.
        case immutable
        /// Kept, but asked for each time whether it is still the same.
        case revalidate

        var field: String {
            switch self {
            case .immutable: "public, max-age=31536000, immutable"
            case .revalidate: "no-cache"
            }
        }
    }

    /// `assets/app.js`, without a leading slash.
    package let path: String
    package let mediaType: String
    package let entityTag: EntityTag?

    private let plain: Form
    /// Nil when the compressed form is no smaller, or the type is compressed already.
    private let gzip: Form?

    /// One representation: its bytes, its fields and what conditions are judged by.
    private struct Form: Sendable {
        let whole: HTTPResponse
        let validators: Preconditions.Validators
    }

    /// - Parameters:
    ///   - path: relative; its end chooses the media type where that is not given.
    ///   - hash: a name for exactly these bytes, where the build has one; else it is computed.
    ///   - lastModifiedUnixSeconds: nil where it says nothing, as for what is built into the program.
    package init(
        path: String, bytes: [UInt8], mediaType: String? = nil, hash: String? = nil,
        lastModifiedUnixSeconds: Int64? = nil, cachePolicy: CachePolicy = .revalidate
    ) {
        self.path = path
        let mediaType = mediaType ?? MediaTypes.ofFile(path)
        self.mediaType = mediaType
        let name = hash.flatMap { EntityTag($0)?.opaque } ?? Self.fingerprint(bytes)
        let isCompressible =
            bytes.count >= ContentCoding.bytesMinimum && ContentCoding.isCompressible(mediaType: mediaType)
        var fields: HTTPFields = [
            "content-type": mediaType, "cache-control": cachePolicy.field, "x-content-type-options": "nosniff",
        ]
        if let lastModifiedUnixSeconds {
            fields["last-modified"] = HTTPDate.format(unixSeconds: lastModifiedUnixSeconds)
        }
        let compressed = isCompressible ? ContentCoding.gzip(bytes, level: 9) : nil
        let isWorthIt = compressed.map { $0.count < bytes.count } ?? false
        // Also on the plain form: a cache has to tell the two apart.
        if isWorthIt { fields["vary"] = "accept-encoding" }
        func form(_ bytes: [UInt8], tag: EntityTag?, _ more: HTTPFields) -> Form {
            var own = fields
            if let tag { own["etag"] = tag.description }
            for field in more.fields { own.append(field) }
            return Form(
                whole: HTTPResponse(fields: own, body: .bytes(bytes)),
                validators: .init(entityTag: tag, lastModifiedUnixSeconds: lastModifiedUnixSeconds))
        }
        entityTag = EntityTag(name)
        plain = form(bytes, tag: entityTag, ["accept-ranges": "bytes"])
        // Other bytes, another tag (RFC 9110 §8.8.3.3); strong, since these bytes are always the same.
        gzip =
            isWorthIt ? compressed.map { form($0, tag: EntityTag(name + "-gzip"), ["content-encoding": "gzip"]) } : nil
    }

    /// The answer to GET or HEAD, with its conditions and ranges. Who asks for a range gets it of the plain form.
    package func response(to request: HTTPRequest, currentYear: Int) -> HTTPResponse {
        let form = chosen(for: request)
        return ConditionalAnswer.answer(
            to: request, whole: form.whole, validators: form.validators, currentYear: currentYear)
    }

    private func chosen(for request: HTTPRequest) -> Form {
        guard let gzip, AcceptEncoding.prefersGzip(request.fields.values("accept-encoding")) else { return plain }
        return request.method == .get && request.fields["range"] != nil ? plain : gzip
    }

    /// FNV-1a, 64 bits, and the length: no defence against somebody who makes files to collide, but these are our own.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return String(hash, radix: 16) + "-" + String(bytes.count, radix: 16)
    }
}
