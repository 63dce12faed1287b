/// What can be switched about the farm, in `POST /__control/settings` under `simplyprint`.
struct FarmSettings: Sendable {
    enum IdentifierKey: String, Sendable {
        case createdID = "created_id"
        case id
    }

    enum QueueShape: String, Sendable {
        case object
        case array
    }

    enum IdleJob: String, Sendable {
        case null
        case absent
    }

    enum SecretHeader: String, Sendable {
        case secret = "X-SP-Secret"
        case token = "X-SP-Token"
    }

    /// Nominal seconds of one print.
    var printSeconds = 60.0
    var downloadSeconds = 2.0
    /// Nominal seconds until somebody clears the bed; with `autoClearBed` off nobody does.
    var bedClearSeconds = 3.0
    var autoClearBed = true
    /// The farm takes queue items by itself.
    var autoPrint = true
    /// Nominal seconds until an item's analysis is there.
    var analysisSeconds = 2.0
    /// Hours on the stand-in's clock, not scaled: what is printed leaves the done items.
    var doneItemHours = 24.0
    var printers = 4
    /// The account has the custom field `forma3d_reference`.
    var customField = true
    var approvalRequired = false
    var identifierKey = IdentifierKey.createdID
    var queueShape = QueueShape.object
    var idleJob = IdleJob.null
    var secretHeader = SecretHeader.secret
    /// Requests a minute of real time; 0 for no limit.
    var requestsPerMinute = 60

    static let referenceField = "forma3d_reference"

    mutating func apply(_ patch: JSONNode) -> [String] {
        var reader = SettingsReader(patch, path: "simplyprint")
        reader.seconds("printSeconds", &printSeconds)
        reader.seconds("downloadSeconds", &downloadSeconds)
        reader.seconds("bedClearSeconds", &bedClearSeconds)
        reader.bool("autoClearBed", &autoClearBed)
        reader.bool("autoPrint", &autoPrint)
        reader.seconds("analysisSeconds", &analysisSeconds)
        reader.seconds("doneItemHours", &doneItemHours)
        reader.integer("printers", in: 0...1_000, &printers)
        reader.bool("customField", &customField)
        reader.bool("approvalRequired", &approvalRequired)
        reader.choice("identifierKey", &identifierKey)
        reader.choice("queueShape", &queueShape)
        reader.choice("idleJob", &idleJob)
        reader.choice("secretHeader", &secretHeader)
        reader.integer("requestsPerMinute", in: 0...1_000_000, &requestsPerMinute)
        return reader.finish()
    }

    var node: JSONNode {
        [
            "printSeconds": .decimal(printSeconds), "downloadSeconds": .decimal(downloadSeconds),
            "bedClearSeconds": .decimal(bedClearSeconds), "autoClearBed": .bool(autoClearBed),
            "autoPrint": .bool(autoPrint), "analysisSeconds": .decimal(analysisSeconds),
            "doneItemHours": .decimal(doneItemHours), "printers": .integer(printers),
            "customField": .bool(customField), "approvalRequired": .bool(approvalRequired),
            "identifierKey": .string(identifierKey.rawValue), "queueShape": .string(queueShape.rawValue),
            "idleJob": .string(idleJob.rawValue), "secretHeader": .string(secretHeader.rawValue),
            "requestsPerMinute": .integer(requestsPerMinute),
        ]
    }
}
