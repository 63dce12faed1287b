import FoundationEssentials
package import Kernel

extension Money {
    /// ISO 4217 (list one, 2026): minor units of the currencies that do not have two decimals.
    private static let withoutDecimals: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
        "XPF",
    ]
    private static let withThreeDecimals: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]

    /// Decimals of amounts that can be paid in the currency.
    package static func decimals(ofCurrency currency: String) -> Int {
        withoutDecimals.contains(currency) ? 0 : withThreeDecimals.contains(currency) ? 3 : 2
    }

    /// `12.50`: the currency's decimals at least.
    package var amountText: String {
        let least = Self.decimals(ofCurrency: currency)
        let text = amount.description
        let point = text.firstIndex(of: ".") ?? text.endIndex
        let decimals = max(text.distance(from: point, to: text.endIndex) - 1, 0)
        guard decimals < least else { return text }
        return text + (decimals == 0 ? "." : "") + String(repeating: "0", count: least - decimals)
    }
}
