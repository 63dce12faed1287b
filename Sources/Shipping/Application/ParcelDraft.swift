package import Contracts
import FoundationEssentials
package import Sendcloud

/// A parcel as Sendcloud takes it, made from an order; or every reason why it cannot be.
package enum ParcelDraft {
    /// Why no label can be bought for this order as it is.
    package struct Unfit: Error, Hashable, Sendable {
        package let code: String
        package let reason: String
        package let action: String
    }

    /// Inside the customs union no declaration is needed (contracts §2.2: `parcel_items` for destinations outside).
    package static let customsUnion: Set<String> = [
        "AT", "BE", "BG", "HR", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MC",
        "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ]
    /// Sendcloud takes no less than a gram.
    package static let weightGramsMinimum = 1

    /// - Throws: `Unfit` with every missing field.
    package static func make(
        from parcel: ParcelView, reference: String, shippingMethodID: Int, senderAddressID: Int?
    ) throws(Unfit) -> NewParcel {
        guard let address = parcel.address else {
            throw Unfit(
                code: "address-missing", reason: "The order has no shipping address.",
                action: "Add the address to the order in Shopify; the label is bought by itself then.")
        }
        let missing = missingFields(of: address)
        guard missing.isEmpty, let name = address.name ?? address.company, let street = address.address1,
            let city = address.city, let postalCode = address.postalCode, let country = address.country?.uppercased()
        else {
            throw Unfit(
                code: "address-incomplete", reason: "The shipping address lacks: \(missing.joined(separator: ", ")).",
                action: "Complete the address of the order in Shopify; the label is bought by itself then.")
        }
        guard customsUnion.contains(country) else {
            throw Unfit(
                code: "customs-needed",
                reason: "\(country) is outside the EU customs union; the parcel needs a customs declaration.",
                action: "Buy this label in Sendcloud by hand and fulfil the order in Shopify.")
        }
        let split = StreetAddress.split(address1: street, address2: address.address2, country: country)
        let value = parcel.contents.reduce(Decimal(0)) { $0 + ($1.priceEach ?? 0) * Decimal($1.quantity) }
        return NewParcel(
            name: name, companyName: address.company, address: split?.street ?? street,
            // Empty, not null: Sendcloud then tries to split the street itself (contracts §2.2).
            houseNumber: split?.houseNumber ?? "", address2: split.map(\.addition) ?? address.address2, city: city,
            postalCode: postalCode, country: country, countryState: country == "IT" ? address.province : nil,
            telephone: address.phone ?? parcel.phone, email: parcel.email,
            weightKilograms: kilograms(fromGrams: max(weightGramsMinimum, parcel.weightGrams)),
            orderNumber: parcel.orderNumber, externalReference: reference, shippingMethodID: shippingMethodID,
            senderAddressID: senderAddressID, totalOrderValue: value > 0 ? twoDecimals(value) : nil,
            currency: value > 0 ? parcel.currency : nil,
            items: parcel.contents.map { content in
                NewParcel.Item(
                    description: String(content.title.prefix(255)), quantity: content.quantity,
                    weightKilograms: kilograms(fromGrams: content.weightGramsEach),
                    value: twoDecimals(content.priceEach ?? 0), sku: content.sku, hsCode: nil, originCountry: nil)
            })
    }

    /// `1.250`: Sendcloud weighs in kilograms, as text with three decimals.
    package static func kilograms(fromGrams grams: Int) -> String {
        let rest = String(grams % 1_000)
        return "\(grams / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// Half a cent rounds up; prices are never negative.
    private static func twoDecimals(_ amount: Decimal) -> String {
        let text = (amount + Decimal(5) / Decimal(1_000)).description
        let parts = text.split(separator: ".", maxSplits: 1)
        let decimals = parts.count > 1 ? parts[1].prefix(2) : ""
        return "\(parts[0]).\(decimals)\(String(repeating: "0", count: 2 - decimals.count))"
    }

    private static func missingFields(of address: PostalAddress) -> [String] {
        var missing: [String] = []
        func isBlank(_ text: String?) -> Bool { text?.allSatisfy(\.isWhitespace) ?? true }
        if isBlank(address.name), isBlank(address.company) { missing.append("name") }
        if isBlank(address.address1) { missing.append("street") }
        if isBlank(address.city) { missing.append("city") }
        if isBlank(address.postalCode) { missing.append("postal code") }
        if isBlank(address.country) { missing.append("country") }
        return missing
    }
}
