import FoundationEssentials
import HTTPWire

/// One vendor as the front sees it.
protocol VendorDesk: Actor {
    nonisolated var vendor: Vendor { get }

    /// The names by which faults may mean this request.
    nonisolated func calls(of request: VendorRequest) -> [String]

    /// The vendor's answer, its effects carried out.
    func respond(to request: VendorRequest) async -> HTTPResponse

    /// The vendor's own way of saying "too many requests", nothing carried out.
    func throttled(_ request: VendorRequest, retryAfter: String?) async -> HTTPResponse

    /// The body of an answer of that status that a fault asks for.
    nonisolated func refusal(_ request: VendorRequest, status: Int) -> JSONNode

    /// Lets happen what is due. - Returns: when something is due next.
    func advance() async -> Date?

    func setPace(_ pace: Pace) async
    func reset() async

    /// Changes settings. - Returns: the paths of members that could not be taken.
    func apply(_ patch: JSONNode) async -> [String]
    var settingsNode: JSONNode { get async }
}
