/// Carriers as Shopify spells them: only an exact name gives the customer a tracking link and status
/// (https://shopify.dev/docs/api/admin-graphql/latest/input-objects/FulfillmentTrackingInput).
package enum TrackingCompany {
    /// - Parameter code: Sendcloud's carrier code, `postnl`.
    /// - Returns: nil for a carrier Shopify does not know; the tracking URL then does the work alone.
    package static func shopifyName(forSendcloudCarrier code: String) -> String? {
        names[code.lowercased()]
    }

    private static let names: [String: String] = [
        "bpost": "BPost",
        "bpost_international": "BPost International",
        "colissimo": "Colissimo",
        "correos": "Correos",
        "deutsche_post": "Deutsche Post",
        "dhl": "DHL Parcel",
        "dhl_de": "DHL",
        "dhl_ecommerce": "DHL eCommerce",
        "dhl_express": "DHL Express",
        "dhl_parcel": "DHL Parcel",
        "dpd": "DPD",
        "dpd_at": "DPD",
        "dpd_de": "DPD",
        "dpd_fr": "DPD",
        "dpd_gb": "DPD",
        "evri": "Evri",
        "fedex": "FedEx",
        "gls": "GLS",
        "gls_de": "GLS",
        "gls_es": "GLS",
        "gls_eu": "GLS",
        "gls_fr": "GLS",
        "gls_it": "GLS",
        "hermes_c2c_gb": "Evri",
        "inpost": "Inpost",
        "inpost_pl": "Inpost",
        "mondial_relay": "Mondial Relay",
        "poste_italiane": "Poste Italiane",
        "postnl": "PostNL",
        "postnord_dk": "PostNord DK",
        "postnord_no": "PostNord NO",
        "postnord_se": "PostNord SE",
        "royal_mail": "Royal Mail",
        "royal_mailv2": "Royal Mail",
        "ups": "UPS",
        "usps": "USPS",
    ]
}
