/// The rows of the drawer plates.
extension SettingsTable {
    static let gridFlock: [Setting] = [
        Setting(
            "GRIDFLOCK_ENABLED", .gridFlock, .boolean,
            "Offers drawer plates over the API and to the storefront; false answers 404 there. Set the prices first.",
            defaultText: "false"),
        Setting(
            "GRIDFLOCK_BED", .gridFlock, .bed,
            "The printer bed that plates are divided for where a request names none.", defaultText: "256x256"),
        Setting(
            "GRIDFLOCK_CONCURRENCY", .gridFlock, .integer(1...64),
            "Designs that one server makes files of at a time; each takes a processor.", defaultText: "1"),
        Setting(
            "GRIDFLOCK_TIMEOUT_SECONDS", .gridFlock, .decimal(1...3_600), "Longest making of one design's files.",
            defaultText: "120"),
        Setting(
            "GRIDFLOCK_CACHE_DAYS", .gridFlock, .integer(1...3_650),
            "Files that nobody asked for in so long are thrown away; they are made again when asked for.",
            defaultText: "90"),
        Setting(
            "GRIDFLOCK_CACHE_MEGABYTES", .gridFlock, .integer(1...10_000_000),
            "Most that files of designs may take in the database; the least used go first.", defaultText: "2048"),
        Setting(
            "GRIDFLOCK_STOREFRONT_PER_CLIENT_PER_MINUTE", .gridFlock, .integer(1...100_000),
            "Storefront requests of one address (of IPv6: one network of 64 bits) in a minute, on each server.",
            defaultText: "60"),
        Setting(
            "GRIDFLOCK_STOREFRONT_PER_MINUTE", .gridFlock, .integer(1...1_000_000),
            "Storefront requests of all together in a minute, on each server.", defaultText: "6000"),
        Setting(
            "GRIDFLOCK_MATERIAL", .gridFlock, .text, "The material that plates are printed of.", defaultText: "PLA"),
        Setting(
            "GRIDFLOCK_MATERIAL_DENSITY", .gridFlock, .decimal(0.1...20), "Its grams in a cubic centimetre.",
            defaultText: "1.24"),
        Setting(
            "GRIDFLOCK_SOLID_PERCENT", .gridFlock, .decimal(0...100),
            "Share of a part that is printed solid anyway: outer lines, floors and ceilings.", defaultText: "80"),
        Setting(
            "GRIDFLOCK_INFILL_PERCENT", .gridFlock, .decimal(0...100), "How solid the rest is printed.",
            defaultText: "15"),
        Setting(
            "GRIDFLOCK_MINUTES_PER_PART", .gridFlock, .decimal(0...1_000),
            "Printing time of any part: heating, levelling, first lines.", defaultText: "5"),
        Setting(
            "GRIDFLOCK_MINUTES_PER_GRAM", .gridFlock, .decimal(0...1_000), "Printing time of a gram.",
            defaultText: "1.9"),
        Setting(
            "GRIDFLOCK_CURRENCY", .gridFlock, .currency, "The currency of prices.", defaultText: "EUR"),
        Setting(
            "GRIDFLOCK_PRICE_BASE", .gridFlock, .decimal(0...100_000), "Price of any plate, before what is counted.",
            defaultText: "5"),
        Setting(
            "GRIDFLOCK_PRICE_PER_GRAM", .gridFlock, .decimal(0...1_000), "Price of a gram of material.",
            defaultText: "0.04"),
        Setting(
            "GRIDFLOCK_PRICE_PER_MINUTE", .gridFlock, .decimal(0...1_000), "Price of a minute of printing.",
            defaultText: "0.025"),
        Setting(
            "GRIDFLOCK_PRICE_PER_MAGNET", .gridFlock, .decimal(0...1_000), "Price of each magnet.",
            defaultText: "0.1"),
        Setting(
            "GRIDFLOCK_PRICE_MARGIN_PERCENT", .gridFlock, .decimal(0...1_000), "Added to the sum of all that.",
            defaultText: "0"),
        Setting(
            "GRIDFLOCK_PRICE_MINIMUM", .gridFlock, .decimal(0...100_000), "No plate costs less.", defaultText: "9.9"),
        Setting(
            "GRIDFLOCK_PRICE_STEP", .gridFlock, .decimal(0.01...1_000),
            "Prices are rounded up to whole multiples of it.", defaultText: "0.1"),
    ]
}
