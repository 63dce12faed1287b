/// How the client spoke: to us, or to the proxy that stands for us.
package enum HTTPScheme: String, Hashable, Sendable {
    case http, https
}

extension HTTPRequest {
    /// `host [ ":" port ]` as RFC 9110 §7.2 wants it: the check of `Host`, for names that come by other fields.
    package static func isAuthority(_ text: some StringProtocol) -> Bool {
        text.utf8.count <= 264 && HostGrammar.isValid(String(text))
    }
}
