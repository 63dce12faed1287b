package import HTTPWire

/// A request to a vendor.
package struct HTTPClientRequest: Sendable {
    package var method: HTTPMethod
    /// Absolute, percent-encoded.
    package var url: String
    package var fields: HTTPFields
    package var body: [UInt8]
    package var timeoutSeconds: Double
    package var responseLimitBytes: Int
    /// On a connection of its own, so that libcurl can never resend it by itself on a reused one that died:
    /// for calls that may happen once only.
    package var neverResend: Bool
    /// For addresses that come from outside: refuses to connect to this machine and to private networks, whatever the
    /// name resolves to, and uses no proxy, which would resolve it out of our sight.
    package var publicAddressesOnly: Bool

    package init(
        method: HTTPMethod, url: String, fields: HTTPFields = [:], body: [UInt8] = [], timeoutSeconds: Double = 30,
        responseLimitBytes: Int = 8 * 1024 * 1024, neverResend: Bool = false, publicAddressesOnly: Bool = false
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.responseLimitBytes = responseLimitBytes
        self.neverResend = neverResend
        self.publicAddressesOnly = publicAddressesOnly
    }
}
