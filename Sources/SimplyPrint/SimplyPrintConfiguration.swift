/// Which SimplyPrint account, and how to get in.
package struct SimplyPrintConfiguration: Sendable {
    /// Part of every path.
    package var companyID: String
    /// Sent as `X-API-KEY`; never logged.
    package var apiKey: String
    /// `https://api.simplyprint.io`.
    package var apiURL: String
    /// `https://files.simplyprint.io`, for uploads only.
    package var filesURL: String
    package var timeoutSeconds: Double

    package init(companyID: String, apiKey: String, apiURL: String, filesURL: String, timeoutSeconds: Double) {
        self.companyID = companyID
        self.apiKey = apiKey
        self.apiURL = apiURL
        self.filesURL = filesURL
        self.timeoutSeconds = timeoutSeconds
    }
}
