import Cryptography
package import HTTPWire
import Kernel
package import Logging
package import Routing

/// Who may call the REST API: `X-API-Key` against `INTERNAL_API_KEY`, in constant time (ADR-024).
package struct OperatorKey: Sendable {
    private let key: [UInt8]?
    private let logger: Logger

    /// - Parameter key: nil leaves the API open; only development starts without one.
    package init(key: String?, logger: Logger) {
        self.key = key.map { Array($0.utf8) }
        self.logger = logger
    }

    /// - Throws: `Problem` 401 with ADR-024's texts.
    package func authenticate(_ request: HTTPRequest, access: Route.Access) throws {
        switch access {
        case .open, .webhook: return
        // A proxy on this machine must not make the world look like this machine: what came through one, and what says
        // so without being believed, needs the key, whatever address it names.
        case .loopbackOrOperators where Self.isLoopback(request.clientAddress) && !request.isForwarded:
            return
        case .operators, .loopbackOrOperators:
            guard let key else { return }
            guard let given = request.fields["x-api-key"], !given.isEmpty else {
                // The access log has the line; anybody can cause as many as they like.
                logger.debug("API call refused", metadata: ["reason": "API key required"])
                throw Problem.unauthorized("API key required")
            }
            guard ConstantTime.isEqual(Array(given.utf8), key) else {
                logger.debug("API call refused", metadata: ["reason": "Invalid API key"])
                throw Problem.unauthorized("Invalid API key")
            }
        }
    }

    private static func isLoopback(_ address: String?) -> Bool {
        guard let address else { return true }
        return address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }
}
