package import GridGeometry
package import Kernel
import Metrics

/// Prices and pictures of wishes, without a triangle; of the database only the rate of minutes, now and then.
package struct Quotes: Sendable {
    /// SHA-256, 64 hex digits: this room has no cryptography of its own.
    package typealias Digest = @Sendable ([UInt8]) -> String

    private let workbench: Workbench
    /// Where a wish names no printer.
    private let bed: Size
    private let terms: QuoteTerms
    private let rates: MinuteRates
    package let digest: Digest
    package let time: Time
    private let counter = Counter(label: "gridflock_quotes_total")
    /// A page asks the same again and again while a customer types: what was reckoned lately is at hand.
    private let recent = RecentQuotes()
    /// A wish has some fifty fields, and a letter for each cell.
    package static let requestBytesMaximum = 65_536

    package init(
        workbench: Workbench, bed: Size, terms: QuoteTerms, rates: MinuteRates, digest: @escaping Digest, time: Time
    ) {
        self.workbench = workbench
        self.bed = bed
        self.terms = terms
        self.rates = rates
        self.digest = digest
        self.time = time
    }

    /// - Throws: `Problem` 422 with every field that stands in the way, 503 when too many wait.
    package func quote(_ request: PlateRequest) async throws -> Quote {
        counter.increment()
        let rate = await rates.current()
        let wish = onABed(request)
        if let known = recent.quote(wish, at: rate) { return known }
        return try await atWork(on: wish) { try recent.quote(wish, at: rate) ?? reckoned(wish, rate) }
    }

    /// With the plan as SVG, as an operator sees it.
    package func quoteWithDrawing(_ request: PlateRequest) async throws -> (Quote, String) {
        counter.increment()
        let rate = await rates.current()
        let wish = onABed(request)
        if let quote = recent.quote(wish, at: rate), let drawing = recent.drawing(wish, isNamingBed: true) {
            return (quote, drawing)
        }
        return try await atWork(on: wish) {
            let quote = try recent.quote(wish, at: rate) ?? reckoned(wish, rate)
            return (quote, drawn(quote.plan, wish, isNamingBed: true))
        }
    }

    /// What a design is kept by.
    package func draft(of request: PlateRequest) async throws -> DesignDraft {
        let wish = onABed(request)
        return try await atWork(on: wish) {
            let plan = try planned(wish, isToBeMade: true)
            let canonical = plan.wish.canonicalText
            return DesignDraft(
                canonical: canonical, digest: digest(Array(canonical.utf8)), request: try JSON.text(wish),
                drawerWidthTenthMicrometres: plan.wish.drawer.width.tenthMicrometres,
                drawerDepthTenthMicrometres: plan.wish.drawer.depth.tenthMicrometres,
                partCount: plan.segments.count)
        }
    }

    /// The plan as SVG, as a customer may see it: without the printer's bed.
    package func customerDrawing(of request: PlateRequest) async throws -> String {
        let wish = onABed(request)
        if let known = recent.drawing(wish, isNamingBed: false) { return known }
        return try await atWork(on: wish) {
            try recent.drawing(wish, isNamingBed: false)
                ?? drawn(recent.plan(wish) ?? planned(wish, isToBeMade: true), wish, isNamingBed: false)
        }
    }

    /// The plan of a wish that was kept, as SVG.
    package func drawing(ofKept request: String) async throws -> String {
        do {
            let wish = onABed(try PlateRequest.read(Array(request.utf8)))
            return try await workbench.run { PlanDrawing.svg(try planned(wish, isToBeMade: false)) }
        } catch let refusal as PlateRefusal {
            throw Problem(refusing: refusal)
        }
    }
}

extension Quotes {
    /// The operator's bed where the wish names none: what it means here, whoever asks.
    private func onABed(_ request: PlateRequest) -> PlateRequest {
        var request = request
        if request.printer == nil, request.bedWidthMillimetres == nil, request.bedDepthMillimetres == nil {
            request.bedWidthMillimetres = bed.width.millimetres
            request.bedDepthMillimetres = bed.depth.millimetres
        }
        return request
    }

    private func reckoned(_ wish: PlateRequest, _ rate: MinuteRate) throws -> Quote {
        let plan = try planned(wish, isToBeMade: true)
        let quote = Quote(
            plan: plan, digest: digest(Array(plan.wish.canonicalText.utf8)), terms: terms, rate: rate)
        recent.keep(quote, of: wish)
        return quote
    }

    private func drawn(_ plan: PlatePlan, _ wish: PlateRequest, isNamingBed: Bool) -> String {
        let drawing = PlanDrawing.svg(plan, isNamingBed: isNamingBed)
        recent.keep(drawing, of: wish, isNamingBed: isNamingBed)
        return drawing
    }

    /// - Parameter isToBeMade: refuse what could be planned, but whose files could not be kept.
    private func planned(_ wish: PlateRequest, isToBeMade: Bool) throws -> PlatePlan {
        let plan = try Planner.plan(wish.wish())
        if isToBeMade { try PlateBulk.check(plan) }
        return plan
    }

    /// On the threads for it; what cannot be made becomes a problem of the request. What was refused lately is refused
    /// again without a thread, and what others asked for meanwhile is not worked on twice.
    private func atWork<Value: Sendable>(
        on wish: PlateRequest, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        if let refusal = recent.refusal(of: wish) { throw Problem(refusing: refusal) }
        return try await workbench.run {
            do {
                if let refusal = recent.refusal(of: wish) { throw refusal }
                return try body()
            } catch let refusal as PlateRefusal {
                recent.keep(refusal, of: wish)
                throw Problem(refusing: refusal)
            }
        }
    }
}
