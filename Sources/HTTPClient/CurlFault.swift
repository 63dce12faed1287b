import CCurl

/// libcurl's codes in our words (libcurl-errors(3)).
enum CurlFault {
    static func kind(_ code: CURLcode) -> HTTPClientError.Kind {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalidURL
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE:
            .tls
        default: .brokenLink
        }
    }

    /// libcurl's own text, and for a failed connection its detail too: that names the host, never a path or query.
    static func detail(_ code: CURLcode, text: UnsafePointer<CChar>) -> String {
        let general = String(cString: curl_easy_strerror(code))
        switch kind(code) {
        case .unresolved, .refused, .tls:
            // SAFETY: libcurl keeps the buffer zero-terminated; it was zeroed before the transfer.
            let particular = String(cString: text)
            return particular.isEmpty || particular == general ? general : "\(general): \(particular)"
        default:
            return "\(general) (curl \(code.rawValue))"
        }
    }
}
