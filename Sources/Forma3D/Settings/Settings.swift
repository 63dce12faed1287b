package import Logging

/// Every setting, typed and checked. Made once at start; from there on a value like any other.
package struct Settings: Sendable {
    package let appEnv: AppEnvironment
    package let appHost: String
    package let appPort: Int
    package let apiURL: String?
    package let webURL: String?
    package let dataDir: String
    package let logLevel: Logger.Level
    package let internalAPIKey: String?
    package let metricsPort: Int?
    package let edge: EdgeSettings

    package let databaseLocation: DatabaseLocation
    /// Migrations and notifications go here when it is set.
    package let databaseDirectURL: String?
    package let databasePoolSize: Int

    package let workerConcurrency: Int
    /// Jobs of one queue at a time, by its name.
    package let jobQueueConcurrency: [String: Int]
    package let retryMaxRetries: Int
    package let retryInitialDelayMilliseconds: Int
    package let retryMaxDelayMilliseconds: Int
    package let retryBackoffMultiplier: Double
    package let retryJitterPercent: Int
    package let retryCleanupDays: Int
    package let notNowLimitHours: Double
    package let jobLeaseSeconds: Double
    package let jobPollMilliseconds: Int
    package let reconcileIntervalSeconds: Double
    package let vendorLagSeconds: Double
    package let vendorCircuitOpenMilliseconds: Int

    package let webhookIdempotencyTTLHours: Int
    package let webhookRetentionDays: Int
    /// True in development only, whatever the variable says.
    package let webhookSkipVerification: Bool

    package let shopifyShopDomain: String?
    /// Nil while neither it nor the shop domain is known (development).
    package let shopifyAPIURL: String?
    package let shopifyAccessToken: String?
    package let shopifyClientID: String?
    package let shopifyClientSecret: String?
    /// Empty: Shopify webhooks are refused (development).
    package let shopifyWebhookSecrets: [String]
    package let shopifyAPITimeoutMilliseconds: Int
    package let shopWatch: ShopWatchSettings

    package let simplyPrintCompanyID: String?
    package let simplyPrintAPIKey: String?
    package let simplyPrintAPIURL: String
    package let simplyPrintFilesURL: String
    package let simplyPrintWebhookSecret: String?
    package let simplyPrintRequestsPerMinute: Int
    package let simplyPrintPollingEnabled: Bool
    package let simplyPrintPollingIntervalMilliseconds: Int
    package let simplyPrintAPITimeoutMilliseconds: Int

    package let shippingEnabled: Bool
    package let sendcloudPublicKey: String?
    package let sendcloudSecretKey: String?
    package let sendcloudAPIURL: String
    package let sendcloudWebhookSecret: String?
    /// Digits.
    package let defaultShippingMethodID: String?
    /// Digits.
    package let defaultSenderAddressID: String?
    package let sendcloudAPITimeoutMilliseconds: Int

    package let notifications: NotificationSettings
    package let gridFlock: GridFlockSettings

    package let armedFaults: ArmedFaults?

    /// Things worth one log line each at start; no values in them.
    package let warnings: [String]

    /// The URI of the database; nil when it is the private cluster, whose URI is known once it runs.
    package var databaseURL: String? {
        guard case .url(let url) = databaseLocation else { return nil }
        return url
    }

    package var isDevelopment: Bool { appEnv == .development }
}

extension Settings {
    /// Reads and checks everything.
    /// - Parameters:
    ///   - readFile: the text of a file that a `NAME_FILE` variable names.
    ///   - isRoot: root keeps its data under `/var/lib/forma3d` when `DATA_DIR` is unset.
    /// - Throws: `SettingsError` with every problem there is.
    package static func load(
        environment: [String: String], isRoot: Bool, readFile: @escaping (String) throws -> String
    ) throws -> Settings {
        try load(reader: SettingsReader(environment: environment, readFile: readFile), environment, isRoot: isRoot).0
    }

    /// Also says which rows were read, for the test that holds the table and this type together.
    static func load(
        reader start: SettingsReader, _ environment: [String: String], isRoot: Bool
    ) throws -> (Settings, namesRead: Set<String>) {
        var reader = start
        let settings = Settings(reading: &reader, environment, isRoot: isRoot)
        SettingsRules.check(settings, &reader)
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return (settings, reader.namesRead)
    }

    private init(reading reader: inout SettingsReader, _ environment: [String: String], isRoot: Bool) {
        _ = reader.text("NODE_ENV")  // read through APP_ENV's fallback
        appEnv = reader.choice("APP_ENV", else: .production)
        let isDevelopment = appEnv == .development
        appHost = reader.text("APP_HOST") ?? (isDevelopment ? "127.0.0.1" : "0.0.0.0")
        appPort = reader.integer("APP_PORT")
        apiURL = reader.url("API_URL")?.text
        webURL = reader.url("WEB_URL")?.text ?? apiURL
        dataDir = reader.dataDirectory(isRoot: isRoot)
        logLevel = reader.choice("LOG_LEVEL", else: .info)
        internalAPIKey = reader.key("INTERNAL_API_KEY", isLenient: isDevelopment)
        metricsPort = reader.optionalInteger("METRICS_PORT")
        edge = EdgeSettings(reading: &reader)
        databaseLocation = reader.databaseURL("DATABASE_URL") ?? .privateCluster
        databaseDirectURL = reader.directDatabaseURL()
        databasePoolSize = reader.integer("DATABASE_POOL_SIZE")
        workerConcurrency = reader.integer("WORKER_CONCURRENCY")
        jobQueueConcurrency = reader.limits("JOB_QUEUE_CONCURRENCY")
        retryMaxRetries = reader.integer("RETRY_MAX_RETRIES")
        retryInitialDelayMilliseconds = reader.integer("RETRY_INITIAL_DELAY_MS")
        retryMaxDelayMilliseconds = reader.integer("RETRY_MAX_DELAY_MS")
        retryBackoffMultiplier = reader.decimal("RETRY_BACKOFF_MULTIPLIER")
        retryJitterPercent = reader.integer("RETRY_JITTER_PERCENT")
        retryCleanupDays = reader.integer("RETRY_CLEANUP_DAYS")
        notNowLimitHours = reader.decimal("NOT_NOW_LIMIT_HOURS")
        jobLeaseSeconds = reader.decimal("JOB_LEASE_SECONDS")
        jobPollMilliseconds = reader.integer("JOB_POLL_MS")
        reconcileIntervalSeconds = reader.decimal("RECONCILE_INTERVAL_SECONDS")
        vendorLagSeconds = reader.decimal("VENDOR_LAG_SECONDS")
        vendorCircuitOpenMilliseconds = reader.integer("VENDOR_CIRCUIT_OPEN_MS")

        webhookIdempotencyTTLHours = reader.integer("WEBHOOK_IDEMPOTENCY_TTL_HOURS")
        webhookRetentionDays = reader.integer("WEBHOOK_RETENTION_DAYS")
        let skipsVerification = reader.boolean("WEBHOOK_SKIP_VERIFICATION")
        webhookSkipVerification = skipsVerification && isDevelopment
        shopifyShopDomain = reader.hostName("SHOPIFY_SHOP_DOMAIN")
        shopifyAPIURL = reader.shopURL(domain: shopifyShopDomain)?.text
        shopifyAccessToken = reader.key("SHOPIFY_ACCESS_TOKEN")
        shopifyClientID = reader.text("SHOPIFY_CLIENT_ID")
        shopifyClientSecret = reader.key("SHOPIFY_CLIENT_SECRET")
        shopifyWebhookSecrets = reader.list("SHOPIFY_WEBHOOK_SECRETS")
        shopifyAPITimeoutMilliseconds = reader.integer("SHOPIFY_API_TIMEOUT_MS")
        shopWatch = ShopWatchSettings(reading: &reader)

        simplyPrintCompanyID = reader.identifier("SIMPLYPRINT_COMPANY_ID")
        simplyPrintAPIKey = reader.key("SIMPLYPRINT_API_KEY")
        simplyPrintAPIURL = reader.url("SIMPLYPRINT_API_URL")?.text ?? ""
        simplyPrintFilesURL = reader.url("SIMPLYPRINT_FILES_URL")?.text ?? ""
        simplyPrintWebhookSecret = reader.key("SIMPLYPRINT_WEBHOOK_SECRET")
        simplyPrintRequestsPerMinute = reader.integer("SIMPLYPRINT_REQUESTS_PER_MINUTE")
        simplyPrintPollingEnabled = reader.boolean("SIMPLYPRINT_POLLING_ENABLED")
        simplyPrintPollingIntervalMilliseconds = reader.integer("SIMPLYPRINT_POLLING_INTERVAL_MS")
        simplyPrintAPITimeoutMilliseconds = reader.integer("SIMPLYPRINT_API_TIMEOUT_MS")

        shippingEnabled = reader.boolean("SHIPPING_ENABLED")
        sendcloudPublicKey = reader.key("SENDCLOUD_PUBLIC_KEY")
        sendcloudSecretKey = reader.key("SENDCLOUD_SECRET_KEY")
        sendcloudAPIURL = reader.url("SENDCLOUD_API_URL")?.text ?? ""
        sendcloudWebhookSecret = reader.key("SENDCLOUD_WEBHOOK_SECRET")
        defaultShippingMethodID = reader.identifier("DEFAULT_SHIPPING_METHOD_ID")
        defaultSenderAddressID = reader.identifier("DEFAULT_SENDER_ADDRESS_ID")
        sendcloudAPITimeoutMilliseconds = reader.integer("SENDCLOUD_API_TIMEOUT_MS")
        notifications = NotificationSettings(reading: &reader)
        gridFlock = GridFlockSettings(reading: &reader)
        armedFaults = ArmedFaults(reading: &reader)
        warnings = SettingsRules.warnings(
            environment, reader, skipsVerification: skipsVerification, isDevelopment: isDevelopment,
            hasAPIKey: internalAPIKey != nil)
    }
}

/// Faults on purpose, for tests.
package struct ArmedFaults: Sendable {
    /// As `FaultPoints` reads it.
    package let text: String
    /// What its percentages are drawn from; nil: drawn at start.
    package let seed: Int?

    init?(reading reader: inout SettingsReader) {
        seed = reader.optionalInteger("FORMA3D_FAULTS_SEED")
        guard let text = reader.text("FORMA3D_FAULTS") else { return nil }
        self.text = text
    }
}

extension SettingsReader {
    /// As root under `/var/lib`, because the database's own user cannot enter root's home.
    fileprivate mutating func dataDirectory(isRoot: Bool) -> String {
        let directory = text("DATA_DIR") ?? ".forma3d"
        return isRoot && !isSet("DATA_DIR") ? "/var/lib/forma3d" : directory
    }

    fileprivate mutating func directDatabaseURL() -> String? {
        guard case .url(let url)? = databaseURL("DATABASE_DIRECT_URL") else { return nil }
        return url
    }

    /// `SHOPIFY_API_URL` with `{shop}` filled in; nil while there is no shop to fill in.
    fileprivate mutating func shopURL(domain: String?) -> VendorURL? {
        guard let written = text("SHOPIFY_API_URL"), domain != nil || !written.contains("{shop}") else { return nil }
        return url("SHOPIFY_API_URL", placeholders: ["shop": domain ?? ""])
    }
}
