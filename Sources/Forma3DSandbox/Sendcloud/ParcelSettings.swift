/// What can be switched about the parcel office, in `POST /__control/settings` under `sendcloud`.
struct ParcelSettings: Sendable {
    /// What a repeated `external_reference` is answered with; v2 documents none of them.
    enum Duplicate: String, Sendable {
        case refused400 = "400"
        case conflict409 = "409"
        case existing200 = "200"
    }

    enum Cancelling: String, Sendable {
        /// 200 at once.
        case immediate
        /// 202, later status 2000.
        case queued
        /// 202, later status 94.
        case failing
    }

    var duplicateReference = Duplicate.refused400
    var cancelling = Cancelling.immediate
    /// Nominal seconds during which a label answers 404.
    var labelDelaySeconds = 0.0
    /// Nominal seconds to the webhook of status 1000, to 3 and to 11.
    var readySeconds = 1.0
    var sortingSeconds = 120.0
    var deliveredSeconds = 600.0
    var cancelSeconds = 60.0
    /// Off, a parcel stays ready to send.
    var moves = true
    /// The next announcements fail with these words (status 1002, HTTP 200).
    var announcementError: String?
    /// Webhook times in seconds instead of milliseconds.
    var hookSeconds = false
    /// Sign with this instead of the right key.
    var signingSecret: String?

    mutating func apply(_ patch: JSONNode) -> [String] {
        var reader = SettingsReader(patch, path: "sendcloud")
        reader.choice("duplicateReference", &duplicateReference)
        reader.choice("cancelling", &cancelling)
        reader.seconds("labelDelaySeconds", &labelDelaySeconds)
        reader.seconds("readySeconds", &readySeconds)
        reader.seconds("sortingSeconds", &sortingSeconds)
        reader.seconds("deliveredSeconds", &deliveredSeconds)
        reader.seconds("cancelSeconds", &cancelSeconds)
        reader.bool("moves", &moves)
        reader.text("announcementError", &announcementError)
        reader.bool("hookSeconds", &hookSeconds)
        reader.text("signingSecret", &signingSecret)
        return reader.finish()
    }

    var node: JSONNode {
        [
            "duplicateReference": .string(duplicateReference.rawValue), "cancelling": .string(cancelling.rawValue),
            "labelDelaySeconds": .decimal(labelDelaySeconds), "readySeconds": .decimal(readySeconds),
            "sortingSeconds": .decimal(sortingSeconds), "deliveredSeconds": .decimal(deliveredSeconds),
            "cancelSeconds": .decimal(cancelSeconds), "moves": .bool(moves),
            "announcementError": .text(announcementError), "hookSeconds": .bool(hookSeconds),
            "signingSecret": .text(signingSecret),
        ]
    }
}
