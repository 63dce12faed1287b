import FoundationEssentials
import Contracts
import Kernel
import Sendcloud
import Shipping
import Testing

@Suite struct ParcelDraftTests {
    static func parcel(_ change: (inout PostalAddress) -> Void = { _ in }, hasAddress: Bool = true) -> ParcelView {
        var address = PostalAddress(
            name: "Testa Koper", company: nil, address1: "Voorbeeldstraat 12", address2: nil, city: "Gent",
            postalCode: "9000",
            province: nil, country: "be", phone: "+3212345678")
        change(&address)
        return ParcelView(
            orderNumber: "#1001", isReady: true, isCancelled: false, isWanted: true,
            address: hasAddress ? address : nil,
            email: "a@example.com", phone: nil, currency: "EUR",
            contents: [
                .init(title: "Bracket", sku: "BR", quantity: 3, weightGramsEach: 417, priceEach: 10),
                .init(title: "Lid", sku: nil, quantity: 1, weightGramsEach: 1, priceEach: nil),
            ])
    }

    @Test func weightIsInKilogramsWithThreeDecimals() throws {
        let draft = try ParcelDraft.make(
            from: Self.parcel(), reference: "r-1", shippingMethodID: 9, senderAddressID: nil)
        #expect(draft.weightKilograms == "1.252")
        #expect(draft.houseNumber == "12")
        #expect(draft.country == "BE")
        #expect(draft.externalReference == "r-1")
        #expect(draft.totalOrderValue == "30.00")
    }

    @Test(arguments: [(1, "0.001"), (999, "0.999"), (1_000, "1.000"), (12_345, "12.345")])
    func kilograms(grams: Int, expected: String) {
        #expect(ParcelDraft.kilograms(fromGrams: grams) == expected)
    }

    @Test func missingFieldsAreAllNamed() throws {
        let parcel = Self.parcel {
            $0.city = " "
            $0.postalCode = nil
        }
        let unfit = try #require(throws: ParcelDraft.Unfit.self) {
            _ = try ParcelDraft.make(from: parcel, reference: "r", shippingMethodID: 9, senderAddressID: nil)
        }
        #expect(unfit.code == "address-incomplete")
        #expect(unfit.reason.contains("city") && unfit.reason.contains("postal code"))
        #expect(!unfit.reason.contains("Koper"), "no personal data in a reason")
    }

    @Test func outsideTheCustomsUnionAPersonDecides() throws {
        let unfit = try #require(throws: ParcelDraft.Unfit.self) {
            _ = try ParcelDraft.make(
                from: Self.parcel { $0.country = "CH" }, reference: "r", shippingMethodID: 9, senderAddressID: nil)
        }
        #expect(unfit.code == "customs-needed")
    }
}
