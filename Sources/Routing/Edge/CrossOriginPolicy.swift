package import HTTPWire

/// Which pages of other origins may read answers (CORS, fetch.spec.whatwg.org §3.2) and open a WebSocket.
package struct CrossOriginPolicy: Hashable, Sendable {
    /// An entry that cannot be taken, for the operator.
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        package let field: String
        package let reason: String
        package let allowed: String

        package var description: String { "\(field) \(reason); allowed: \(allowed)" }
    }

    package static let allowed =
        "origins such as https://shop.example or http://localhost:5173, separated by commas; or * alone"
    package static let originsMaximum = 64

    package var methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    package var headers = ["content-type", "x-api-key", "x-correlation-id", "traceparent"]
    package var exposedHeaders = ["etag", "retry-after", "x-correlation-id", "x-request-id"]
    /// How long a browser may keep the answer to a preflight.
    package var maxAgeSeconds = 600

    /// Empty for `*`.
    private let origins: Set<String>
    private let allowsAny: Bool
    private let allowsCredentials: Bool

    /// - Parameters:
    ///   - origins: each with scheme and host, without a path; or `*` alone.
    ///   - allowsCredentials: cookies and such; never together with `*`, which browsers refuse too.
    ///   - field: the name of the setting, for the error.
    package init(
        origins: [String], allowsCredentials: Bool = false, field: String = "CORS_ORIGINS"
    ) throws(Malformed) {
        func malformed(_ reason: String) -> Malformed { Malformed(field: field, reason: reason, allowed: Self.allowed) }
        guard !origins.isEmpty else { throw malformed("names nothing") }
        guard origins.count <= Self.originsMaximum else {
            throw malformed("has more than \(Self.originsMaximum) entries")
        }
        allowsAny = origins == ["*"]
        self.allowsCredentials = allowsCredentials
        guard !allowsAny else {
            guard !allowsCredentials else { throw malformed("allows every origin and credentials at once") }
            self.origins = []
            return
        }
        var known: Set<String> = []
        for (index, origin) in origins.enumerated() {
            guard let serialized = Self.serialized(origin) else {
                throw malformed("has an entry (number \(index + 1)) that is no origin")
            }
            known.insert(serialized)
        }
        self.origins = known
    }

    /// - Parameter origin: the value of `Origin`, which browsers write in one way only.
    package func allows(origin: String) -> Bool { allowsAny || origins.contains(origin) }

    /// For a WebSocket's opening: nil lets any origin.
    package var listedOrigins: Set<String>? { allowsAny ? nil : origins }

    // MARK: Requests

    /// The answer to a preflight; nil when the request is none.
    package func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == .options, let origin = request.fields["origin"],
            request.fields["access-control-request-method"] != nil
        else { return nil }
        var response = HTTPResponse(status: 204)
        response.fields["vary"] = "origin, access-control-request-method, access-control-request-headers"
        // A stranger is told nothing: without the fields his browser keeps the answer from him.
        guard allows(origin: origin) else { return response }
        addPermission(for: origin, to: &response.fields)
        response.fields["access-control-allow-methods"] = methods.joined(separator: ", ")
        response.fields["access-control-allow-headers"] = headers.joined(separator: ", ")
        response.fields["access-control-max-age"] = String(maxAgeSeconds)
        return response
    }

    /// Lets the page that asked read the answer, if it may.
    package func addFields(to response: inout HTTPResponse, request: HTTPRequest) {
        // Also where nobody asked: a cache must not give an answer without the permission to a page that has one.
        if !allowsAny { ContentCoding.addVary("origin", to: &response.fields) }
        guard let origin = request.fields["origin"], allows(origin: origin),
            response.fields["access-control-allow-origin"] == nil
        else { return }
        addPermission(for: origin, to: &response.fields)
        response.fields["access-control-expose-headers"] = exposedHeaders.joined(separator: ", ")
    }

    private func addPermission(for origin: String, to fields: inout HTTPFields) {
        fields["access-control-allow-origin"] = allowsAny ? "*" : origin
        if allowsCredentials { fields["access-control-allow-credentials"] = "true" }
    }

    // MARK: Origins

    /// `scheme "://" host [ ":" port ]` as browsers write it: lower case, without the scheme's own port.
    static func serialized(_ text: String) -> String? {
        let lower = text.lowercased()
        let scheme = lower.hasPrefix("https://") ? "https" : lower.hasPrefix("http://") ? "http" : nil
        guard let scheme else { return nil }
        let authority = lower.dropFirst(scheme.utf8.count + 3)
        guard HTTPRequest.isAuthority(authority), !authority.contains("*"), !authority.hasSuffix(":") else {
            return nil
        }
        let ownPort = scheme == "https" ? ":443" : ":80"
        return "\(scheme)://\(authority.hasSuffix(ownPort) ? authority.dropLast(ownPort.utf8.count) : authority)"
    }
}

/// Whether a WebSocket may be opened from a page (RFC 6455 §10.2): browsers do not apply CORS to it.
package enum WebSocketOrigin {
    /// A client that is no browser sends no `Origin`; a page of our own host and a listed one may.
    /// - Parameter policy: nil lists nobody.
    package static func isAllowed(_ request: HTTPRequest, policy: CrossOriginPolicy?) -> Bool {
        let origins = request.fields.values("origin")
        guard let origin = origins.first else { return true }
        guard origins.count == 1 else { return false }
        if policy?.allows(origin: origin) == true { return true }
        guard let host = request.forwardedHost ?? request.fields["host"] else { return false }
        return CrossOriginPolicy.serialized("\(request.scheme.rawValue)://\(host)") == origin
    }
}
