import Kernel

/// A parcel to announce, with its label.
package struct NewParcel: Codable, Hashable, Sendable {
    package var name: String
    package var companyName: String?
    /// The street without its house number.
    package var address: String
    package var houseNumber: String
    /// Box, floor, building.
    package var address2: String?
    package var city: String
    package var postalCode: String
    /// ISO 3166 alpha-2.
    package var country: String
    /// For US, CA, IT and AU.
    package var countryState: String?
    package var telephone: String?
    package var email: String?
    /// Kilograms with three decimals, `1.250`.
    package var weightKilograms: String
    package var orderNumber: String
    /// Ours, unique over all parcels: what an unknown outcome is looked up by.
    package var externalReference: String
    package var shippingMethodID: Int
    package var senderAddressID: Int?
    /// `11.11`.
    package var totalOrderValue: String?
    /// ISO 4217.
    package var currency: String?
    package var items: [Item]

    package init(
        name: String, companyName: String?, address: String, houseNumber: String, address2: String?, city: String,
        postalCode: String, country: String, countryState: String?, telephone: String?, email: String?,
        weightKilograms: String, orderNumber: String, externalReference: String, shippingMethodID: Int,
        senderAddressID: Int?, totalOrderValue: String?, currency: String?, items: [Item]
    ) {
        self.name = name
        self.companyName = companyName
        self.address = address
        self.houseNumber = houseNumber
        self.address2 = address2
        self.city = city
        self.postalCode = postalCode
        self.country = country
        self.countryState = countryState
        self.telephone = telephone
        self.email = email
        self.weightKilograms = weightKilograms
        self.orderNumber = orderNumber
        self.externalReference = externalReference
        self.shippingMethodID = shippingMethodID
        self.senderAddressID = senderAddressID
        self.totalOrderValue = totalOrderValue
        self.currency = currency
        self.items = items
    }

    /// What is inside; customs asks for it outside the EU.
    package struct Item: Codable, Hashable, Sendable {
        package var description: String
        package var quantity: Int
        /// Of one piece, kilograms with three decimals.
        package var weightKilograms: String
        /// Of one piece, `39.90`.
        package var value: String
        package var sku: String?
        package var hsCode: String?
        /// ISO 3166 alpha-2.
        package var originCountry: String?

        package init(
            description: String, quantity: Int, weightKilograms: String, value: String, sku: String?, hsCode: String?,
            originCountry: String?
        ) {
            self.description = description
            self.quantity = quantity
            self.weightKilograms = weightKilograms
            self.value = value
            self.sku = sku
            self.hsCode = hsCode
            self.originCountry = originCountry
        }
    }
}

extension NewParcel {
    /// `{"parcel": {…}}` as `POST /parcels` takes it.
    var wire: JSONValue {
        var parcel: [String: JSONValue] = [
            "name": .string(name), "address": .string(address), "house_number": .string(houseNumber),
            "city": .string(city), "postal_code": .string(postalCode), "country": .string(country),
            "weight": .string(weightKilograms), "order_number": .string(orderNumber),
            "external_reference": .string(externalReference), "request_label": true,
            "shipment": ["id": .integer(Int64(shippingMethodID))],
        ]
        let optional: [(String, JSONValue?)] = [
            ("company_name", companyName.map { .string($0) }), ("address_2", address2.map { .string($0) }),
            ("country_state", countryState.map { .string($0) }), ("telephone", telephone.map { .string($0) }),
            ("email", email.map { .string($0) }), ("sender_address", senderAddressID.map { .integer(Int64($0)) }),
            ("total_order_value", totalOrderValue.map { .string($0) }),
            ("total_order_value_currency", currency.map { .string($0) }),
            ("parcel_items", items.isEmpty ? nil : .array(items.map(\.wire))),
        ]
        for (key, value) in optional { parcel[key] = value }
        return ["parcel": .object(parcel)]
    }
}

extension NewParcel.Item {
    fileprivate var wire: JSONValue {
        var item: [String: JSONValue] = [
            "description": .string(String(description.prefix(Self.descriptionMaximum))),
            "quantity": .integer(Int64(quantity)), "weight": .string(weightKilograms),
            // A number on the wire, unlike every other amount.
            "value": Digits.decimal(value).map { .decimal($0) } ?? .string(value),
        ]
        let optional = [("sku", sku), ("hs_code", hsCode), ("origin_country", originCountry)]
        for (key, text) in optional { item[key] = text.map { .string($0) } }
        return .object(item)
    }

    private static let descriptionMaximum = 255
}
