/// How to reach the database and how much of it to use.
package struct DatabaseConfiguration: Sendable {
    /// A libpq connection URI; Prisma's `?schema=` is taken out before libpq sees it.
    package var url: String
    package var poolSize: Int
    package var applicationName: String
    package var connectTimeoutSeconds: Double
    package var statementTimeoutSeconds: Double
    /// How long a caller waits for a free connection.
    package var checkoutTimeoutSeconds: Double
    /// The server ends a transaction that nobody works on for so long: its locks would hold up everybody.
    package var idleInTransactionTimeoutSeconds: Double

    package init(
        url: String, poolSize: Int = 10, applicationName: String = "forma3d", connectTimeoutSeconds: Double = 5,
        statementTimeoutSeconds: Double = 30, checkoutTimeoutSeconds: Double = 10,
        idleInTransactionTimeoutSeconds: Double = 60
    ) {
        self.url = url
        self.poolSize = poolSize
        self.applicationName = applicationName
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.statementTimeoutSeconds = statementTimeoutSeconds
        self.checkoutTimeoutSeconds = checkoutTimeoutSeconds
        self.idleInTransactionTimeoutSeconds = idleInTransactionTimeoutSeconds
    }
}
