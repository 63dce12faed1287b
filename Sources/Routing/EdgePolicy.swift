/// What the operator decides about the outer side of the server: whose word counts, who may read across origins, what
/// browsers and caches are told. Each part costs a request that does not use it one cheap question.
package struct EdgePolicy: Sendable {
    /// Whose forwarding fields are believed.
    package var trustedProxies = TrustedProxies.none

    package init() {}
}
