import FoundationEssentials
import Kernel

/// OAuth at the shop (contracts §3): static token, client credentials, authorization code with single-use codes and
/// rotating refresh tokens.
struct ShopTokens: Sendable {
    private let identities: Identities
    /// Access tokens and when they end; the static one never does.
    private var expiry: [String: Date] = [:]
    private var codes: Set<String> = []
    private var refreshTokens: Set<String> = []
    /// Set by the control surface: the static token counts no more.
    var staticTokenIsRevoked = false

    init(identities: Identities = .system) {
        self.identities = identities
    }

    func accepts(_ token: String?, at now: Date) -> Bool {
        guard let token else { return false }
        if token == SandboxCredentials.shopToken { return !staticTokenIsRevoked }
        return expiry[token].map { now < $0 } ?? false
    }

    mutating func expireAll() {
        expiry = [:]
    }

    /// A code for the authorization-code flow.
    mutating func code() -> String {
        let code = identities.uuid().uuidString.lowercased().filter { $0 != "-" }
        codes.insert(code)
        return code
    }

    /// `POST /admin/oauth/access_token`. - Returns: HTTP status and body.
    mutating func answer(_ form: JSONNode, scopes: [String], at now: Date) -> (status: Int, body: JSONNode) {
        guard form["client_id"]?.string == SandboxCredentials.shopClientID,
            form["client_secret"]?.string == SandboxCredentials.shopSecret
        else { return (400, Self.error("invalid_client", "The client credentials are wrong.")) }
        let scope = JSONNode.string(scopes.joined(separator: ","))
        switch form["grant_type"]?.string {
        case "client_credentials":
            let token = issue(seconds: 86_399, at: now)
            return (200, ["access_token": .string(token), "scope": scope, "expires_in": 86_399])
        case "refresh_token":
            guard let given = form["refresh_token"]?.string, refreshTokens.remove(given) != nil else {
                return (400, Self.error("invalid_grant", "The refresh token is not valid."))
            }
            return (200, expiring(scope, at: now))
        default:
            guard let code = form["code"]?.string, codes.remove(code) != nil else {
                return (400, Self.error("invalid_request", "The authorization code was not found or was already used"))
            }
            guard form["expiring"]?.text == "1" else {
                return (200, ["access_token": .string(SandboxCredentials.shopToken), "scope": scope])
            }
            return (200, expiring(scope, at: now))
        }
    }

    private mutating func expiring(_ scope: JSONNode, at now: Date) -> JSONNode {
        let refresh = "shprt_\(identities.uuid().uuidString.lowercased().filter { $0 != "-" })"
        refreshTokens.insert(refresh)
        return [
            "access_token": .string(issue(seconds: 3_600, at: now)), "scope": scope, "expires_in": 3_600,
            "refresh_token": .string(refresh), "refresh_token_expires_in": 2_592_000,
        ]
    }

    private mutating func issue(seconds: Double, at now: Date) -> String {
        let token = "shpat_\(identities.uuid().uuidString.lowercased().filter { $0 != "-" })"
        expiry[token] = now.addingTimeInterval(seconds)
        return token
    }

    private static func error(_ code: String, _ text: String) -> JSONNode {
        ["error": .string(code), "error_description": .string(text)]
    }
}
