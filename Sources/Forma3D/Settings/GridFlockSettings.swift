package import GridFlock

/// What is offered of drawer plates, for how much, and what may be spent on them.
package struct GridFlockSettings: Sendable {
    package let isEnabled: Bool
    package let bed: Bed
    package let limits: GridFlockLimits
    package let priceRule: PriceRule

    /// Of a printer, in millimetres.
    package struct Bed: Hashable, Sendable {
        package let widthMillimetres: Double
        package let depthMillimetres: Double
    }

    init(reading reader: inout SettingsReader) {
        isEnabled = reader.boolean("GRIDFLOCK_ENABLED")
        bed = reader.bed("GRIDFLOCK_BED")
        limits = Self.limits(reading: &reader)
        priceRule = Self.priceRule(reading: &reader)
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
    static func priceRule(reading reader: inout SettingsReader) -> PriceRule {
        var rule = PriceRule()
        rule.currency = reader.currency("GRIDFLOCK_CURRENCY")
        rule.base = PriceRule.Amount(reader.decimal("GRIDFLOCK_PRICE_BASE"))
        rule.perGram = PriceRule.Amount(reader.decimal("GRIDFLOCK_PRICE_PER_GRAM"))
        rule.perHour = PriceRule.Amount(reader.decimal("GRIDFLOCK_PRICE_PER_HOUR"))
        rule.perPart = PriceRule.Amount(reader.decimal("GRIDFLOCK_PRICE_PER_PART"))
        rule.perMagnet = PriceRule.Amount(reader.decimal("GRIDFLOCK_PRICE_PER_MAGNET"))
        rule.minimum = PriceRule.Amount(reader.decimal("GRIDFLOCK_PRICE_MINIMUM"))
        rule.step = PriceRule.Amount(reader.decimal("GRIDFLOCK_PRICE_STEP"))
        return rule
    }
}

extension SettingsReader {
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
    /// `256x256`.
    mutating func bed(_ name: String) -> GridFlockSettings.Bed {
        guard let text = text(name) else { return .init(widthMillimetres: 0, depthMillimetres: 0) }
        let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Double($0) }
        guard sides.count == 2, let width = sides[0], let depth = sides[1], width.isFinite, depth.isFinite,
            (50...2_000).contains(width), (50...2_000).contains(depth)
        else {
            report(
                SettingsProblem(
                    name, "is no bed", allowed: Setting.Kind.bed.allowed, remedy: "Mend it, or unset it for 256x256."))
            return .init(widthMillimetres: 0, depthMillimetres: 0)
        }
        return .init(widthMillimetres: width, depthMillimetres: depth)
    }
}
