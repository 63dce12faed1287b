/// Sends answers as gzip where that is worth it and wanted.
///
/// A compressed answer is another representation with other bytes, so its entity tag may not stay strong (RFC 9110
/// §8.8.3.3). It becomes weak: a client that sends it back with `If-None-Match` still meets the handler's own tag, and a
/// range is never cut from the wrong bytes. Streams go as they are.
package struct ContentCoding: Sendable {
    /// Below, the gzip frame and the time are more than what is saved, and one packet carries it anyway.
    package static let bytesMinimum = 1_024
    /// Above, compressing takes longer than a loop may be held (DESIGN §4).
    package static let bytesOnLoopMaximum = 65_536

    /// Runs a closure where it holds up nobody, and gives its result.
    package typealias Offload = @Sendable (@escaping @Sendable () -> [UInt8]?) async -> [UInt8]?

    private let offload: Offload

    /// - Parameter offload: for bodies above `bytesOnLoopMaximum`; may give nil when it is too busy, then the body goes
    ///   as it is.
    package init(offload: @escaping Offload = { $0() }) {
        self.offload = offload
    }

    /// Whether the answer could be compressed, whoever asks: the cheap questions first.
    package static func isEligible(_ response: HTTPResponse) -> Bool {
        guard case .bytes(let bytes) = response.body, bytes.count >= bytesMinimum else { return false }
        // 206 is a part of bytes that are named by number; the others have no content.
        guard !response.status.forbidsBody, response.status != 206 else { return false }
        guard response.fields["content-encoding"] == nil, let type = response.fields["content-type"],
            isCompressible(mediaType: type)
        else { return false }
        return !response.fields.values("cache-control").contains(where: forbidsTransforming)
    }

    /// The answer as this client should have it. HEAD is told what GET would be (RFC 9110 §9.3.2).
    package func apply(to response: HTTPResponse, requestFields: HTTPFields) async -> HTTPResponse {
        guard Self.isEligible(response), let bytes = response.bodyBytes else { return response }
        var response = response
        // Also on what goes as it is: a cache must not give it to, or take it from, a client of the other kind.
        Self.addVary("accept-encoding", to: &response.fields)
        guard AcceptEncoding.prefersGzip(requestFields.values("accept-encoding")) else { return response }
        let compressed =
            bytes.count > Self.bytesOnLoopMaximum ? await offload { Self.gzip(bytes) } : Self.gzip(bytes)
        guard let compressed, compressed.count < bytes.count else { return response }
        response.body = .bytes(compressed)
        response.fields["content-encoding"] = "gzip"
        if let tag = response.fields["etag"].flatMap({ EntityTag(parsing: $0) }) {
            response.fields["etag"] = tag.weakened.description
        }
        // Ranges are of the bytes that a strong tag names.
        response.fields["accept-ranges"] = nil
        return response
    }

    /// The whole of it at once, the same bytes every time: zlib writes no time into the frame (RFC 1952 §2.3.1 MTIME 0).
    package static func gzip(_ bytes: [UInt8], level: Int = 6) -> [UInt8]? {
        guard var deflater = try? Deflater(format: .gzip, level: level) else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 3)
        guard (try? deflater.compress(bytes[...], flush: .finish, into: &output)) != nil else { return nil }
        return output
    }

    /// Adds a name to `Vary` unless it is there, or everything is.
    package static func addVary(_ name: String, to fields: inout HTTPFields) {
        guard let given = fields["vary"] else {
            fields.append("vary", name)
            return
        }
        let names = fields.values("vary").joined(separator: ", ")
        let known = names.split(separator: ",").map { part in part.lowercased().filter { $0 != " " && $0 != "\t" } }
        guard !known.contains(name), !known.contains("*") else { return }
        fields["vary"] = given.isEmpty ? name : "\(names), \(name)"
    }

    /// Text in its many forms; images, archives and PDF are compressed already.
    package static func isCompressible(mediaType: String) -> Bool {
        let bytes = mediaType.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }.map(Octets.lowercased)
        if bytes.starts(with: "text/".utf8) { return !bytes.elementsEqual("text/event-stream".utf8) }
        let type = String(decoding: bytes, as: UTF8.self)
        return compressible.contains(type) || type.hasSuffix("+json") || type.hasSuffix("+xml")
    }

    private static let compressible: Set<String> = [
        "application/json", "application/javascript", "application/xml", "application/wasm", "application/x-ndjson",
        "application/manifest+json", "application/graphql", "image/svg+xml", "image/x-icon", "font/ttf", "font/otf",
        "model/stl", "application/vnd.ms-fontobject",
    ]

    /// RFC 9111 §5.2.2.6.
    private static func forbidsTransforming(_ cacheControl: String) -> Bool {
        cacheControl.lowercased().split(separator: ",").contains { part in
            part.filter { $0 != " " && $0 != "\t" } == "no-transform"
        }
    }
}
