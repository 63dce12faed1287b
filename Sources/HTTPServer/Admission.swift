/// Who may connect: a count in all and one for each client address. Pure; the server asks at each accept.
package struct Admission: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case admitted
        /// The whole server is full: room may be made.
        case full
        /// That address has its share.
        case addressFull
    }

    private let connectionsMaximum: Int
    private let perAddressMaximum: Int
    package private(set) var count = 0
    private var byAddress: [String: Int] = [:]

    package init(connectionsMaximum: Int, perAddressMaximum: Int) {
        self.connectionsMaximum = connectionsMaximum
        self.perAddressMaximum = perAddressMaximum
    }

    /// Counts the connection when it is admitted; `left` takes it back.
    /// - Parameter address: nil for a trusted proxy, which has no share of its own.
    package mutating func ask(address: String?) -> Verdict {
        if let address, byAddress[address, default: 0] >= perAddressMaximum { return .addressFull }
        guard count < connectionsMaximum else { return .full }
        count += 1
        if let address { byAddress[address, default: 0] += 1 }
        return .admitted
    }

    package mutating func left(address: String?) {
        count -= 1
        guard let address, let before = byAddress[address] else { return }
        byAddress[address] = before > 1 ? before - 1 : nil
    }
}
