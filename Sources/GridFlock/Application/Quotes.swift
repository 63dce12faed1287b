package import GridGeometry
import Kernel
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
    private let counter = Counter(label: "gridflock_quotes_total")

    /// A wish has some fifty fields, and a letter for each cell.
    package static let requestBytesMaximum = 65_536

    package init(workbench: Workbench, bed: Size, terms: QuoteTerms, digest: @escaping Digest) {
        self.workbench = workbench
        self.bed = bed
        self.terms = terms
        self.digest = digest
    }

    /// - Throws: `Problem` 422 with every field that stands in the way, 503 when too many wait.
    package func quote(_ request: PlateRequest) async throws -> Quote {
        counter.increment()
        return try await planned(request) { _, plan in
            Quote(plan: plan, digest: digest(Array(plan.wish.canonicalText.utf8)), terms: terms)
        }
    }

    package func quoteWithDrawing(_ request: PlateRequest) async throws -> (Quote, String) {
        counter.increment()
        return try await planned(request) { _, plan in
            let quote = Quote(plan: plan, digest: digest(Array(plan.wish.canonicalText.utf8)), terms: terms)
            return (quote, PlanDrawing.svg(plan))
        }
    }

    /// What a design is kept by.
    package func draft(of request: PlateRequest) async throws -> DesignDraft {
        try await planned(request) { request, plan in
            let canonical = plan.wish.canonicalText
            return DesignDraft(
                canonical: canonical, digest: digest(Array(canonical.utf8)), request: try JSON.text(request),
                drawerWidthTenthMicrometres: plan.wish.drawer.width.tenthMicrometres,
                drawerDepthTenthMicrometres: plan.wish.drawer.depth.tenthMicrometres,
                partCount: plan.segments.count)
        }
    }

    /// The plan as SVG.
    package func drawing(of request: PlateRequest) async throws -> String {
        try await planned(request) { _, plan in PlanDrawing.svg(plan) }
    }

    /// The same of a wish that was kept.
    package func drawing(ofKept request: String) async throws -> String {
        do {
            return try await drawing(of: PlateRequest.read(Array(request.utf8)))
        } catch let refusal as PlateRefusal {
            throw Problem(refusing: refusal)
        }
    }

    private func planned<Value: Sendable>(
        _ request: PlateRequest, _ body: @escaping @Sendable (PlateRequest, PlatePlan) throws -> Value
    ) async throws -> Value {
        var request = request
        if request.printer == nil, request.bedWidthMillimetres == nil, request.bedDepthMillimetres == nil {
            request.bedWidthMillimetres = bed.width.millimetres
            request.bedDepthMillimetres = bed.depth.millimetres
        }
        let asked = request
        return try await workbench.run {
            do {
                return try body(asked, try Planner.plan(asked.wish()))
            } catch let refusal as PlateRefusal {
                throw Problem(refusing: refusal)
            }
        }
    }
}
