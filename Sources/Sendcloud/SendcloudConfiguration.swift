/// Which Sendcloud integration, and how to get in.
package struct SendcloudConfiguration: Sendable {
    package var publicKey: String
    /// Never logged.
    package var secretKey: String
    /// `https://panel.sendcloud.sc/api/v2`.
    package var apiURL: String
    package var timeoutSeconds: Double

    package init(publicKey: String, secretKey: String, apiURL: String, timeoutSeconds: Double) {
        self.publicKey = publicKey
        self.secretKey = secretKey
        self.apiURL = apiURL
        self.timeoutSeconds = timeoutSeconds
    }
}
