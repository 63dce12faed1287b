/// Which of the things found under a reference is the effect: pure, the heart of "once".
package enum EffectChoice<Receipt: Codable & Sendable>: Sendable {
    /// Nothing alive: it may be sent.
    case nothing
    /// This one is it. The extras are alive too and one too many each.
    case keep(FoundEffect<Receipt>, extras: [FoundEffect<Receipt>])
    /// Alive under our reference, but not what was asked for: an operator has to look.
    case foreign([FoundEffect<Receipt>])

    /// The oldest that is alive and equal in content is it: of several it is the one most likely under way already.
    /// A thing that is listed in two places is one.
    package static func among(_ found: [FoundEffect<Receipt>]) -> EffectChoice {
        let alive = Self.alive(found)
        guard let first = alive.first(where: \.isSameContent) else {
            return alive.isEmpty ? .nothing : .foreign(alive)
        }
        return .keep(first, extras: alive.filter { $0.vendorID != first.vendorID })
    }

    /// Each living thing once, by rising id. Ids are digits, so the shorter is the smaller.
    package static func alive(_ found: [FoundEffect<Receipt>]) -> [FoundEffect<Receipt>] {
        var seen: Set<String> = []
        return found.filter { $0.isAlive }
            .sorted { ($0.vendorID.utf8.count, $0.vendorID) < ($1.vendorID.utf8.count, $1.vendorID) }
            .filter { seen.insert($0.vendorID).inserted }
    }
}
