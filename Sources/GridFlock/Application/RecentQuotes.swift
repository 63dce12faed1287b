import GridGeometry
import Synchronization

/// The last quotes and drawings, by the wish as it was asked for: rates and bed do not change while the server runs.
final class RecentQuotes: Sendable {
    private struct Shelves: Sendable {
        var quotes = Recent<PlateRequest, Quote>(countMaximum: countMaximum)
        var drawings = Recent<PlateRequest, String>(countMaximum: countMaximum)
    }

    /// A large plate's plan, and its drawing, take some hundred kilobytes.
    private static let countMaximum = 128
    private let shelves = Mutex(Shelves())

    func quote(_ request: PlateRequest) -> Quote? { shelves.withLock { $0.quotes.use(request) } }
    func drawing(_ request: PlateRequest) -> String? { shelves.withLock { $0.drawings.use(request) } }
    func keep(_ quote: Quote, of request: PlateRequest) { shelves.withLock { $0.quotes.set(request, quote) } }
    func keep(_ drawing: String, of request: PlateRequest) { shelves.withLock { $0.drawings.set(request, drawing) } }
}
