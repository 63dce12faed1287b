package import GridGeometry
package import Kernel
import Metrics

/// Prices and pictures of wishes, without a triangle and without a database.
package struct Quotes: Sendable {
    /// SHA-256, 64 hex digits: this room has no cryptography of its own.
    package typealias Digest = @Sendable ([UInt8]) -> String

    private let workbench: Workbench
    /// Where a wish names no printer.
    private let bed: Size
    private let terms: QuoteTerms
    package let digest: Digest
    package let time: Time
    private let counter = Counter(label: "gridflock_quotes_total")
    /// A page asks the same again and again while a customer types: what was reckoned lately is at hand.
    private let recent = RecentQuotes()
    /// A wish has some fifty fields, and a letter for each cell.
    package static let requestBytesMaximum = 65_536

    package init(
        workbench: Workbench, bed: Size, terms: QuoteTerms, digest: @escaping Digest, time: Time
    ) {
        self.workbench = workbench
        self.bed = bed
        self.terms = terms
        self.digest = digest
        self.time = time
    }

    /// - Throws: `Problem` 422 with every field that stands in the way, 503 when too many wait.
    package func quote(_ request: PlateRequest) async throws -> Quote {
        counter.increment()
        if let known = recent.quote(request) { return known }
        let quote = try await planned(request, isToBeMade: true) { _, plan in
            Quote(plan: plan, digest: digest(Array(plan.wish.canonicalText.utf8)), terms: terms)
        }
        recent.keep(quote, of: request)
        return quote
    }

    package func quoteWithDrawing(_ request: PlateRequest) async throws -> (Quote, String) {
        counter.increment()
        return try await planned(request, isToBeMade: true) { _, plan in
            let quote = Quote(plan: plan, digest: digest(Array(plan.wish.canonicalText.utf8)), terms: terms)
            return (quote, PlanDrawing.svg(plan))
        }
    }

    /// What a design is kept by.
    package func draft(of request: PlateRequest) async throws -> DesignDraft {
        try await planned(request, isToBeMade: true) { request, plan in
            let canonical = plan.wish.canonicalText
            return DesignDraft(
                canonical: canonical, digest: digest(Array(canonical.utf8)), request: try JSON.text(request),
                drawerWidthTenthMicrometres: plan.wish.drawer.width.tenthMicrometres,
                drawerDepthTenthMicrometres: plan.wish.drawer.depth.tenthMicrometres,
                partCount: plan.segments.count)
        }
    }

    /// The plan as SVG, as a customer may see it: without the printer's bed.
    package func customerDrawing(of request: PlateRequest) async throws -> String {
        if let known = recent.drawing(request) { return known }
        let drawing = try await planned(request, isToBeMade: true) { _, plan in
            PlanDrawing.svg(plan, isNamingBed: false)
        }
        recent.keep(drawing, of: request)
        return drawing
    }

    /// The plan of a wish that was kept, as SVG.
    package func drawing(ofKept request: String) async throws -> String {
        do {
            let request = try PlateRequest.read(Array(request.utf8))
            return try await planned(request, isToBeMade: false) { _, plan in PlanDrawing.svg(plan) }
        } catch let refusal as PlateRefusal {
            throw Problem(refusing: refusal)
        }
    }

    /// - Parameter isToBeMade: refuse what could be planned, but whose files could not be kept.
    private func planned<Value: Sendable>(
        _ request: PlateRequest, isToBeMade: Bool,
        _ body: @escaping @Sendable (PlateRequest, PlatePlan) throws -> Value
    ) async throws -> Value {
        var request = request
        if request.printer == nil, request.bedWidthMillimetres == nil, request.bedDepthMillimetres == nil {
            request.bedWidthMillimetres = bed.width.millimetres
            request.bedDepthMillimetres = bed.depth.millimetres
        }
        let asked = request
        return try await workbench.run {
            do {
                let plan = try Planner.plan(asked.wish())
                if isToBeMade { try PlateBulk.check(plan) }
                return try body(asked, plan)
            } catch let refusal as PlateRefusal {
                throw Problem(refusing: refusal)
            }
        }
    }
}
