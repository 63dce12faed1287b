package import HTTPWire

/// What the operator decides about the outer side of the server: whose word counts, who may read across origins, what
/// browsers and caches are told. Each part costs a request that does not use it one cheap question.
package struct EdgePolicy: Sendable {
    /// Whose forwarding fields are believed.
    package var trustedProxies = TrustedProxies.none
    /// Nil: no page of another origin may read anything.
    package var crossOrigin: CrossOriginPolicy?
    /// Nil: answers go as they are.
    package var contentCoding: ContentCoding?
    private var strictTransportSecurity: HTTPFields.Field?

    package init() {}

    /// How long browsers must come by https alone (RFC 6797 §6.1.1); 0 says nothing about it.
    package mutating func setStrictTransportSecurity(seconds: Int) {
        strictTransportSecurity = seconds > 0 ? .init("strict-transport-security", "max-age=\(seconds)") : nil
    }

    /// An answer that needs no route; nil for everything but a preflight that is ours to answer.
    func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == .options, let crossOrigin else { return nil }
        return crossOrigin.preflight(request)
    }

    /// The last touch on every answer, preflights too.
    func finish(_ response: HTTPResponse, to request: HTTPRequest, isPreflight: Bool) async -> HTTPResponse {
        var response = response
        // Over plain http a browser ignores it, and RFC 6797 §7.2 forbids it.
        if let strictTransportSecurity, request.scheme == .https { response.fields.append(strictTransportSecurity) }
        if let crossOrigin, !isPreflight { crossOrigin.addFields(to: &response, request: request) }
        guard let contentCoding, ContentCoding.isEligible(response) else { return response }
        return await contentCoding.apply(to: response, requestFields: request.fields)
    }
}
