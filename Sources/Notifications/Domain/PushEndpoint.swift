/// The address a browser gave for its push messages: it comes from outside and is called by us.
package struct PushEndpoint: Hashable, Sendable {
    package static let bytesMaximum = 2_048

    package let url: String
    /// Scheme, host and port: what a VAPID token is for (RFC 8292 §2).
    package let origin: String

    /// Nil when it is not an `https` URL without user and fragment. Where it leads is looked at again when a connection
    /// is made, because a name can resolve to anything.
    /// - Parameter allowsPlainHTTP: development only, for the push service of the sandbox.
    package init?(_ url: String, allowsPlainHTTP: Bool) {
        guard url.utf8.count <= Self.bytesMaximum, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !url.contains("#"), !url.contains("\\")
        else { return nil }
        let schemes = allowsPlainHTTP ? ["https://", "http://"] : ["https://"]
        guard let scheme = schemes.first(where: { url.hasPrefix($0) }) else { return nil }
        let authority = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@"), !authority.hasPrefix(":") else { return nil }
        self.url = url
        origin = (scheme + authority).lowercased()
    }
}
