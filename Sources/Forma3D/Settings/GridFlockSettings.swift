import FoundationEssentials
package import GridFlock
import GridGeometry
import Kernel

/// What is offered of drawer plates, for how much, and what may be spent on them.
package struct GridFlockSettings: Sendable {
    package let isEnabled: Bool
    package let bed: Bed
    package let limits: GridFlockLimits
    package let terms: QuoteTerms

    /// Of a printer, in millimetres.
    package struct Bed: Hashable, Sendable {
        package let widthMillimetres: Double
        package let depthMillimetres: Double
    }

    init(reading reader: inout SettingsReader) {
        isEnabled = reader.boolean("GRIDFLOCK_ENABLED")
        bed = reader.bed("GRIDFLOCK_BED")
        limits = Self.limits(reading: &reader)
        terms = Self.terms(reading: &reader)
    }

    private static func limits(reading reader: inout SettingsReader) -> GridFlockLimits {
        var limits = GridFlockLimits()
        limits.concurrency = reader.integer("GRIDFLOCK_CONCURRENCY")
        limits.generationSeconds = reader.decimal("GRIDFLOCK_TIMEOUT_SECONDS")
        limits.unusedDays = reader.integer("GRIDFLOCK_CACHE_DAYS")
        limits.cacheBytes = reader.integer("GRIDFLOCK_CACHE_MEGABYTES") * 1_048_576
        limits.storefrontPerClientPerMinute = reader.integer("GRIDFLOCK_STOREFRONT_PER_CLIENT_PER_MINUTE")
        limits.storefrontPerMinute = reader.integer("GRIDFLOCK_STOREFRONT_PER_MINUTE")
        return limits
    }

    /// Also what `forma3d gridflock quote` reads, without the rest of the settings.
    static func terms(reading reader: inout SettingsReader) -> QuoteTerms {
        let rates = QuoteRates(
            materialName: reader.text("GRIDFLOCK_MATERIAL") ?? "",
            densityGramsPerCubicCentimetre: reader.decimal("GRIDFLOCK_MATERIAL_DENSITY"),
            solidShare: reader.decimal("GRIDFLOCK_SOLID_PERCENT") / 100,
            infillShare: reader.decimal("GRIDFLOCK_INFILL_PERCENT") / 100)
        let printRate = PrintRate(
            minutesPerPart: reader.decimal("GRIDFLOCK_MINUTES_PER_PART"),
            minutesPerGram: reader.decimal("GRIDFLOCK_MINUTES_PER_GRAM"))
        let currency = reader.currency("GRIDFLOCK_CURRENCY")
        let price = PriceRule(
            currency: currency, base: reader.money("GRIDFLOCK_PRICE_BASE"),
            perGram: reader.money("GRIDFLOCK_PRICE_PER_GRAM"), perMinute: reader.money("GRIDFLOCK_PRICE_PER_MINUTE"),
            perMagnet: reader.money("GRIDFLOCK_PRICE_PER_MAGNET"),
            marginPercent: reader.money("GRIDFLOCK_PRICE_MARGIN_PERCENT"),
            roundedTo: reader.step("GRIDFLOCK_PRICE_STEP", currency: currency),
            least: reader.money("GRIDFLOCK_PRICE_MINIMUM"))
        return QuoteTerms(rates: rates, printRate: printRate, priceRule: price)
    }
}

extension SettingsReader {
    /// To the ten thousandth, exactly: a binary fraction of 0.04 is not 0.04.
    mutating func money(_ name: String) -> Decimal {
        Decimal(Int((decimal(name) * 10_000).rounded())) / 10_000
    }

    /// Prices are multiples of it, so it must be an amount that can be paid.
    mutating func step(_ name: String, currency: String) -> Decimal {
        let step = money(name)
        let decimals = Money.decimals(ofCurrency: currency)
        var units = step
        for _ in 0..<decimals { units *= 10 }
        guard !currency.isEmpty, units.description.contains(".") else { return step }
        let least = decimals == 0 ? "1" : "0." + String(repeating: "0", count: decimals - 1) + "1"
        report(
            SettingsProblem(
                name, "is no amount that can be paid in \(currency)", allowed: "whole multiples of \(least)",
                remedy: "Set it to \(least) or a multiple."))
        return step
    }

    mutating func currency(_ name: String) -> String {
        guard let text = text(name) else { return "" }
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            report(
                SettingsProblem(
                    name, "is no currency", allowed: Setting.Kind.currency.allowed, remedy: "Write its ISO 4217 code."))
            return ""
        }
        return text
    }
}

extension SettingsReader {
    /// `256x256`, or a printer's key.
    mutating func bed(_ name: String) -> GridFlockSettings.Bed {
        guard let text = text(name) else { return .init(widthMillimetres: 0, depthMillimetres: 0) }
        if let printer = PrinterBed.preset(text) {
            return .init(
                widthMillimetres: Double(printer.widthMillimetres), depthMillimetres: Double(printer.depthMillimetres))
        }
        let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Double($0) }
        guard sides.count == 2, let width = sides[0], let depth = sides[1], Self.beds.contains(width),
            Self.beds.contains(depth)
        else {
            report(
                SettingsProblem(
                    name, "is no bed", allowed: Setting.Kind.bed.allowed, remedy: "Mend it, or unset it for 256x256."))
            return .init(widthMillimetres: 0, depthMillimetres: 0)
        }
        return .init(widthMillimetres: width, depthMillimetres: depth)
    }

    /// Printers that a plate's part of one cell fits on, up to what a wish may name.
    private static let beds = 50.0...1_000
}
