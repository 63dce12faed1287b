/// The fixed, worthless credentials of the stand-in; `--env` prints them.
enum SandboxCredentials {
    static let shopDomain = "forma3d-sandbox.myshopify.com"
    static let shopToken = "shpat_sandbox0000000000000000000000"
    static let shopClientID = "sandbox-client-id"
    static let shopSecret = "shpss_sandbox0000000000000000000000"
    static let farmCompanyID = "2310"
    static let farmKey = "sandbox-simplyprint-key"
    static let farmHookSecret = "sandbox-simplyprint-webhook-secret"
    static let parcelPublicKey = "sandbox-sendcloud-public"
    static let parcelSecretKey = "sandbox-sendcloud-secret"
    static let mailSender = "forma3d@sandbox.example"
    static let mailRecipient = "operator@sandbox.example"
    static let pushKey = "zwtlqf2bbUh-8qbrlQhba7r4LEajeYVbJvGozcCPxjc"
    static let parcelHookSecret = "sandbox-sendcloud-webhook-secret"
}
