package import HTTPWire

/// The fields by which proxies tell of the client: looked for in every request, so by the cheapest question first.
package enum ForwardingFields {
    package static func arePresent(in fields: HTTPFields) -> Bool {
        fields.fields.contains { isOne($0.name) }
    }

    /// Takes them away, so that no handler reads them as the truth.
    static func remove(from fields: inout HTTPFields) {
        var kept = HTTPFields()
        for field in fields.fields where !isOne(field.name) { kept.append(field) }
        fields = kept
    }

    /// - Parameter name: lower case.
    private static func isOne(_ name: String) -> Bool {
        switch name.utf8.first {
        case UInt8(ascii: "x"): name.hasPrefix("x-forwarded-") || name == "x-real-ip"
        case UInt8(ascii: "f"): name == "forwarded"
        default: false
        }
    }
}

extension HTTPRequest {
    /// This request with what is known of its client; a stranger's forwarding fields are gone.
    package func identified(trusting trusted: TrustedProxies) -> HTTPRequest {
        guard ForwardingFields.arePresent(in: fields) else { return self }
        var request = self
        let chain = ForwardedChain(peerAddress: peerAddress, fields: fields, trusted: trusted)
        request.forwarded = ForwardedClient(address: chain.clientAddress, scheme: chain.scheme, host: chain.host)
        if !trusted.trusts(peerAddress: peerAddress) { ForwardingFields.remove(from: &request.fields) }
        return request
    }
}
