/// ISO 3166-1 codes and names of the countries the stand-ins know by name, and who is in the EU's customs union.
enum CountryNames {
    private static let table: [String: (alpha3: String, name: String)] = [
        "AT": ("AUT", "Austria"), "BE": ("BEL", "Belgium"), "BG": ("BGR", "Bulgaria"), "CA": ("CAN", "Canada"),
        "CH": ("CHE", "Switzerland"), "CY": ("CYP", "Cyprus"), "CZ": ("CZE", "Czech Republic"),
        "DE": ("DEU", "Germany"), "DK": ("DNK", "Denmark"), "EE": ("EST", "Estonia"), "ES": ("ESP", "Spain"),
        "FI": ("FIN", "Finland"), "FR": ("FRA", "France"), "GB": ("GBR", "United Kingdom"), "GR": ("GRC", "Greece"),
        "HR": ("HRV", "Croatia"), "HU": ("HUN", "Hungary"), "IE": ("IRL", "Ireland"), "IT": ("ITA", "Italy"),
        "LT": ("LTU", "Lithuania"), "LU": ("LUX", "Luxembourg"), "LV": ("LVA", "Latvia"), "MT": ("MLT", "Malta"),
        "NL": ("NLD", "Netherlands"), "NO": ("NOR", "Norway"), "PL": ("POL", "Poland"), "PT": ("PRT", "Portugal"),
        "RO": ("ROU", "Romania"), "SE": ("SWE", "Sweden"), "SI": ("SVN", "Slovenia"), "SK": ("SVK", "Slovakia"),
        "US": ("USA", "United States"), "AU": ("AUS", "Australia"),
    ]

    private static let outsideTheUnion: Set<String> = ["CA", "CH", "GB", "NO", "US", "AU"]

    static func name(of code: String) -> String { table[code]?.name ?? code }

    static func isKnown(_ code: String) -> Bool { table[code] != nil }

    static func needsCustoms(_ code: String) -> Bool { outsideTheUnion.contains(code) }

    static func node(_ code: String) -> JSONNode {
        ["iso_2": .string(code), "iso_3": .text(table[code]?.alpha3), "name": .string(name(of: code))]
    }
}
