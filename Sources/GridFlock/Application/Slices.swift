package import GridGeometry
package import Kernel
package import Postgres

/// What real slicers said of plate parts: the minutes of quotes are calibrated by it.
package struct Slices: Sendable {
    private let database: Database
    private let designs: Designs
    private let rates: MinuteRates
    private let identities: Identities
    private let material: String

    /// More say nothing new.
    private static let countMaximum = 500

    /// - Parameter material: of a slice that names none.
    package init(
        database: Database, designs: Designs, rates: MinuteRates, identities: Identities, material: String
    ) {
        self.database = database
        self.designs = designs
        self.rates = rates
        self.identities = identities
        self.material = material
    }

    /// Keeps it; the same source again takes the place of what it said before.
    /// - Throws: `Problem` 404 for a design that is not there, 409 for one whose parts were not measured yet, 422.
    package func record(_ report: SliceReport) async throws -> (slice: Slice, isNew: Bool) {
        var report = report
        if let id = report.designID { try report.take(try await designs.design(id)) }
        let slice = try report.slice(id: identities.make(), usualMaterial: material)
        let kept = try await database.transaction { try await SliceStorage.save(slice, in: $0) }
        rates.renew()
        return kept
    }

    package func page(before: SliceID?, limit: Int) async throws -> [Slice] {
        try await SliceStorage.slices(before: before, limit: limit, in: database)
    }

    /// - Throws: `Problem` 404.
    package func remove(_ id: SliceID) async throws {
        guard try await database.transaction({ try await SliceStorage.delete(id, in: $0) }) else {
            throw Problem.notFound("There is no slice with this id.")
        }
        rates.renew()
    }

    /// Those that say something of what these rates reckon, each as one part of its average.
    package static func calibrating(_ rates: QuoteRates, in database: Database) async throws -> [PrintRate.Slice] {
        try await SliceStorage.slices(
            material: rates.materialName, infillPercent: rates.infillShare * 100, limit: countMaximum, in: database
        ).compactMap { slice in
            // The quote knows volumes: where the slice's is known, its weight is reckoned the same way.
            let grams = slice.cubicMillimetres.map(rates.grams) ?? slice.grams
            return grams.map { grams in
                PrintRate.Slice(
                    grams: grams / Double(slice.partCount),
                    minutes: Double(slice.seconds) / 60 / Double(slice.partCount))
            }
        }
    }
}
