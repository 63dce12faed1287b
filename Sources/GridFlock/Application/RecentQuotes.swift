package import GridGeometry
import Synchronization

/// The last quotes, drawings and refusals, by the wish with the bed that counts: what a customer's page and an operator
/// ask alike is reckoned once. Settings do not change while the server runs; where the calibrated rate does, its quotes go.
package final class RecentQuotes: Sendable {
    package init() {}

    /// The customer's drawing does not tell the bed.
    private struct DrawingKey: Hashable, Sendable {
        let wish: PlateRequest
        let isNamingBed: Bool
    }

    private struct Shelves: Sendable {
        var quotes = Recent<PlateRequest, Quote>(countMaximum: cellsMaximum)
        var drawings = Recent<DrawingKey, String>(countMaximum: drawingBytesMaximum)
        var refusals = Recent<PlateRequest, PlateRefusal>(countMaximum: refusalBytesMaximum)
    }

    /// By the size of their plans, some hundred bytes for a cell: about 10 MB.
    private static let cellsMaximum = 50_000
    private static let drawingBytesMaximum = 16_777_216
    package static let refusalBytesMaximum = 4_194_304
    private let shelves = Mutex(Shelves())

    /// - Parameter rate: a quote at another one says nothing any more.
    func quote(_ wish: PlateRequest, at rate: MinuteRate) -> Quote? {
        guard let known = shelves.withLock({ $0.quotes.use(wish) }), known.rate == rate else { return nil }
        return known
    }

    /// Whatever the rate is.
    func plan(_ wish: PlateRequest) -> PlatePlan? { shelves.withLock { $0.quotes.use(wish)?.plan } }

    func drawing(_ wish: PlateRequest, isNamingBed: Bool) -> String? {
        shelves.withLock { $0.drawings.use(DrawingKey(wish: wish, isNamingBed: isNamingBed)) }
    }

    func keep(_ quote: Quote, of wish: PlateRequest) {
        // A plate of one cell has a wish as well.
        let weight = 50 + quote.plan.columns.count * quote.plan.rows.count
        shelves.withLock { $0.quotes.set(wish, quote, weight: weight) }
    }

    func keep(_ drawing: String, of wish: PlateRequest, isNamingBed: Bool) {
        shelves.withLock {
            $0.drawings.set(
                DrawingKey(wish: wish, isNamingBed: isNamingBed), drawing, weight: 1_000 + drawing.utf8.count)
        }
    }

    package func refusal(of wish: PlateRequest) -> PlateRefusal? { shelves.withLock { $0.refusals.use(wish) } }

    package func keep(_ refusal: PlateRefusal, of wish: PlateRequest) {
        // A number that is none is not equal to itself: what has one would never be found again, and pile up.
        guard wish == wish else { return }
        let weight = Self.bytes(of: refusal) + Self.bytes(of: wish)
        shelves.withLock { $0.refusals.set(wish, refusal, weight: weight) }
    }

    /// Of the refusals that are remembered; never above `refusalBytesMaximum`.
    package var refusalBytes: Int { shelves.withLock(\.refusals.weight) }

    private static func bytes(of refusal: PlateRefusal) -> Int {
        refusal.items.reduce(0) { sum, item in
            let texts = [item.field, item.reason, item.allowed ?? "", item.nearest ?? ""]
            return sum + texts.reduce(100) { $0 + $1.utf8.count }
        }
    }

    /// A wish may be refused for the very length of what it says.
    private static func bytes(of wish: PlateRequest) -> Int {
        let texts = [wish.printer, wish.fillerX, wish.fillerY, wish.magnetStyle, wish.magnetFrame, wish.cellOverride]
        let numbers = [wish.columns, wish.rowsEven, wish.rowsOdd]
        return 1_000 + texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) } + numbers.reduce(0) { $0 + 8 * ($1?.count ?? 0) }
            + wish.laterFeatures.reduce(0) { $0 + $1.utf8.count }
    }
}
