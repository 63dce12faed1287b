import Kernel

/// What this binary knows of the kinds of effects.
struct EffectKinds: Sendable {
    var sweeps: [String: EffectSweep.Vendor] = [:]
    var lookUps: [String: EffectLookUp] = [:]
    var leftovers: [String: EffectLeftovers.Vendor] = [:]
    /// Those that nobody can look up.
    var onceOnly: Set<String> = []
    /// The longest of all that can be looked up.
    var callTimeoutSeconds = 0.0
}

/// A vendor's look-up with its types taken away.
struct EffectLookUp: Sendable {
    struct Found: Sendable {
        let finding: EffectFinding
        /// JSON.
        let receipt: String
    }

    /// - Throws: what the vendor throws; `DecodingError` for a request that was erased.
    let find: @Sendable (_ reference: String, _ request: String) async throws -> [Found]

    init<Vendor: EffectVendor>(_ vendor: Vendor) {
        find = { reference, request in
            try await vendor.lookUp(reference, JSON.decode(Vendor.Request.self, from: request)).map { found in
                Found(finding: EffectFinding(found), receipt: try JSON.text(found.receipt))
            }
        }
    }
}
