import Foundation
import Logging
import Testing

@testable import Forma3D

/// A complete set of settings for a server that is not in development.
let completeEnvironment: [String: String] = [
    "APP_ENV": "production", "INTERNAL_API_KEY": "0123456789abcdef", "DATABASE_URL": "private",
    "SHOPIFY_SHOP_DOMAIN": "example.myshopify.com", "SHOPIFY_ACCESS_TOKEN": "shpat_0123456789",
    "SHOPIFY_WEBHOOK_SECRETS": "one,two", "SIMPLYPRINT_COMPANY_ID": "1234", "SIMPLYPRINT_API_KEY": "sp-key",
    "SIMPLYPRINT_WEBHOOK_SECRET": "sp-secret", "SENDCLOUD_PUBLIC_KEY": "public", "SENDCLOUD_SECRET_KEY": "secret",
    "DEFAULT_SHIPPING_METHOD_ID": "8",
]

@Suite struct SettingsTests {
    private func load(
        _ environment: [String: String], isRoot: Bool = false, files: [String: String] = [:]
    ) throws -> Settings {
        try Settings.load(environment: environment, isRoot: isRoot) { path in
            guard let text = files[path] else { throw CocoaError(.fileNoSuchFile) }
            return text
        }
    }

    private func production(_ changes: [String: String]) -> [String: String] {
        completeEnvironment.merging(changes) { $1 }
    }

    /// The variables complained about.
    private func complaints(_ environment: [String: String], files: [String: String] = [:]) -> [String] {
        do {
            _ = try load(environment, files: files)
            return []
        } catch let error as SettingsError {
            return error.problems.map(\.variable)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func nothingSetMeansDevelopmentWithItsDefaults() throws {
        let settings = try load([:])
        #expect(settings.appEnv == .development)
        #expect(settings.appHost == "127.0.0.1" && settings.appPort == 3_000)
        #expect(settings.dataDir == ".forma3d")
        #expect(settings.databaseLocation == .privateCluster && settings.databaseURL == nil)
        #expect(settings.retryMaxRetries == 5 && settings.retryInitialDelayMilliseconds == 1_000)
        #expect(settings.retryMaxDelayMilliseconds == 3_600_000 && settings.retryBackoffMultiplier == 2)
        #expect(settings.retryJitterPercent == 10 && settings.retryCleanupDays == 7)
        #expect(settings.jobLeaseSeconds == 30 && settings.jobPollMilliseconds == 1_000)
        #expect(settings.reconcileIntervalSeconds == 300 && settings.notNowLimitHours == 24)
        #expect(settings.webhookIdempotencyTTLHours == 24 && settings.webhookRetentionDays == 90)
        #expect(settings.simplyPrintRequestsPerMinute == 60 && settings.simplyPrintPollingEnabled)
        #expect(settings.simplyPrintPollingIntervalMilliseconds == 30_000)
        #expect(settings.shopifyAPITimeoutMilliseconds == 30_000 && settings.shopifyAPIURL == nil)
        #expect(settings.sendcloudAPIURL == "https://panel.sendcloud.sc/api/v2" && settings.shippingEnabled)
        #expect(settings.shopifyWebhookSecrets == [] && settings.logLevel == .info)
        #expect(settings.warnings.count == 2 && settings.warnings[0].contains("APP_ENV"))
    }

    @Test func everyRowIsReadAndNothingElse() throws {
        let reader = SettingsReader(environment: [:]) { _ in "" }
        let (_, namesRead) = try Settings.load(reader: reader, [:], isRoot: false)
        #expect(namesRead == Set(SettingsTable.all.filter(\.isRead).map(\.name)))
    }

    @Test func rowsAreUniqueAndTheirDefaultsAreAllowed() {
        #expect(Set(SettingsTable.all.map(\.name)).count == SettingsTable.all.count)
        #expect(SettingsTable.all.allSatisfy { $0.purpose.hasSuffix(".") && !$0.purpose.contains("\n") })
        #expect(complaints([:]) == [])
    }

    @Test func outsideDevelopmentEverythingImportantIsAskedForAtOnce() {
        let expected = [
            "INTERNAL_API_KEY", "DATABASE_URL", "SHOPIFY_SHOP_DOMAIN", "SHOPIFY_ACCESS_TOKEN",
            "SHOPIFY_WEBHOOK_SECRETS", "SIMPLYPRINT_COMPANY_ID", "SIMPLYPRINT_API_KEY", "SIMPLYPRINT_WEBHOOK_SECRET",
            "SENDCLOUD_PUBLIC_KEY", "SENDCLOUD_SECRET_KEY", "SENDCLOUD_WEBHOOK_SECRET", "DEFAULT_SHIPPING_METHOD_ID",
        ]
        for environment in ["production", "staging", "test"] {
            #expect(complaints(["APP_ENV": environment]) == expected)
        }
        #expect(complaints(["NODE_ENV": "production"]) == expected)
        #expect(complaints(["APP_ENV": "production", "SHIPPING_ENABLED": "false"]) == Array(expected.prefix(8)))
        #expect(complaints(completeEnvironment) == [])
    }

    @Test(arguments: completeEnvironment.keys.sorted().filter { $0 != "APP_ENV" })
    func eachMissingVariableIsNamed(_ name: String) {
        var environment = completeEnvironment
        environment[name] = ""
        let fallback = name == "SENDCLOUD_SECRET_KEY" ? [name, "SENDCLOUD_WEBHOOK_SECRET"] : [name]
        #expect(complaints(environment) == fallback)
    }

    @Test func appEnvWinsOverNodeEnv() throws {
        #expect(try load(["APP_ENV": "development", "NODE_ENV": "production"]).appEnv == .development)
        #expect(complaints(["APP_ENV": "prod"]) == ["APP_ENV"])
        #expect(complaints(["NODE_ENV": "prod"]) == ["NODE_ENV"])
    }

    @Test func oneSecretStandsInForAnother() throws {
        var environment = completeEnvironment
        environment["SHOPIFY_WEBHOOK_SECRETS"] = nil
        environment["SHOPIFY_CLIENT_SECRET"] = "client-secret"
        let settings = try load(environment)
        #expect(settings.shopifyWebhookSecrets == ["client-secret"])
        #expect(settings.sendcloudWebhookSecret == "secret")
        #expect(try load(completeEnvironment).shopifyWebhookSecrets == ["one", "two"])
    }

    @Test func addressesOfOutsideDevelopment() throws {
        let settings = try load(completeEnvironment, isRoot: true)
        #expect(settings.appHost == "0.0.0.0")
        #expect(settings.dataDir == "/var/lib/forma3d")
        #expect(settings.shopifyAPIURL == "https://example.myshopify.com")
        #expect(try load(production(["DATA_DIR": "here"]), isRoot: true).dataDir == "here")
    }

    @Test func plainHTTPIsForThisMachineInProduction() throws {
        for name in ["SHOPIFY_API_URL", "SIMPLYPRINT_API_URL", "SIMPLYPRINT_FILES_URL", "SENDCLOUD_API_URL"] {
            #expect(complaints(production([name: "http://vendor.example/base"])) == [name])
            #expect(complaints(production([name: "http://vendor.example", "APP_ENV": "staging"])) == [])
            for host in ["127.0.0.1:9", "localhost", "[::1]:80", "127.8.9.1"] {
                #expect(complaints(production([name: "http://\(host)/base"])) == [])
            }
        }
    }

    @Test func pathsOfURLsAreKeptAndSlashesAtTheEndAreNot() throws {
        let settings = try load(["SENDCLOUD_API_URL": "HTTP://127.0.0.1:4000/Send/api/v2/"])
        #expect(settings.sendcloudAPIURL == "http://127.0.0.1:4000/Send/api/v2")
    }

    @Test(arguments: [
        ("APP_PORT", "65536"), ("APP_PORT", "-1"), ("APP_PORT", "3000x"), ("APP_PORT", "99999999999999999999"),
        ("APP_PORT", "٣"), ("RETRY_BACKOFF_MULTIPLIER", "0.5"), ("RETRY_BACKOFF_MULTIPLIER", "nan"),
        ("RETRY_BACKOFF_MULTIPLIER", "0x2"), ("SHIPPING_ENABLED", "maybe"), ("LOG_LEVEL", "loud"),
        ("SENDCLOUD_API_URL", "ftp://x"), ("SENDCLOUD_API_URL", "https://u:p@x"),
        ("SENDCLOUD_API_URL", "https://x?a=b"),
        ("SENDCLOUD_API_URL", "https://x y"), ("SENDCLOUD_API_URL", "https://x:0"),
        ("SHOPIFY_SHOP_DOMAIN", "https://x"),
        ("SIMPLYPRINT_COMPANY_ID", "12a"), ("DATABASE_URL", "mysql://x"), ("DEFAULT_SHIPPING_METHOD_ID", "-8"),
        ("SHOPIFY_WEBHOOK_SECRETS", ", ,"), ("INTERNAL_API_KEY", "with space inside"),
        ("DATABASE_DIRECT_URL", "private"),
        ("SHOPIFY_API_URL", "https://{store}"),
    ])
    func whatCannotBeUsedIsNamedWithoutItsValue(_ name: String, _ value: String) throws {
        let error = #expect(throws: SettingsError.self) { try load([name: value]) }
        #expect(error?.problems.map(\.variable) == [name])
        if value.count > 3 { #expect(error?.description.contains(value) == false || value == "private") }
    }

    @Test func allProblemsAreToldAtOnce() {
        #expect(complaints(["APP_PORT": "x", "LOG_LEVEL": "y", "RETRY_JITTER_PERCENT": "101"]).count == 3)
        #expect(complaints(["RETRY_MAX_DELAY_MS": "5"]) == ["RETRY_MAX_DELAY_MS"])
    }

    @Test func secretsComeFromFilesToo() throws {
        let files = ["/run/key": "fedcba9876543210\n", "/run/empty": "\n"]
        let settings = try load(["INTERNAL_API_KEY_FILE": "/run/key"], files: files)
        #expect(settings.internalAPIKey == "fedcba9876543210")
        var environment = completeEnvironment
        environment["INTERNAL_API_KEY"] = nil
        #expect(complaints(environment.merging(["INTERNAL_API_KEY_FILE": "/run/key"]) { $1 }, files: files) == [])
        #expect(complaints(["INTERNAL_API_KEY_FILE": "/none"], files: files) == ["INTERNAL_API_KEY_FILE"])
        #expect(complaints(["INTERNAL_API_KEY_FILE": "/run/empty"], files: files) == ["INTERNAL_API_KEY_FILE"])
        let both = ["INTERNAL_API_KEY_FILE": "/run/key", "INTERNAL_API_KEY": "0123456789abcdef"]
        #expect(complaints(both, files: files) == ["INTERNAL_API_KEY_FILE"])
        // Only secrets have the variant: a port in a file would be a surprise.
        #expect(try load(["APP_PORT_FILE": "/run/key"], files: files).appPort == 3_000)
    }

    @Test func shortKeysAreForDevelopment() throws {
        #expect(try load(["INTERNAL_API_KEY": "short"]).internalAPIKey == "short")
        #expect(complaints(production(["INTERNAL_API_KEY": "short"])) == ["INTERNAL_API_KEY"])
    }

    @Test func faultsAreRefusedInProductionOnly() throws {
        #expect(complaints(production(["FORMA3D_FAULTS": "x=exit"])) == ["FORMA3D_FAULTS"])
        #expect(complaints(production(["FORMA3D_FAULTS": "x=exit", "APP_ENV": "staging"])) == [])
    }

    @Test func verificationIsSkippedInDevelopmentOnly() throws {
        #expect(try load(["WEBHOOK_SKIP_VERIFICATION": "true"]).webhookSkipVerification)
        let settings = try load(production(["WEBHOOK_SKIP_VERIFICATION": "true"]))
        #expect(!settings.webhookSkipVerification)
        #expect(settings.warnings.contains { $0.contains("WEBHOOK_SKIP_VERIFICATION") })
    }

    @Test func variablesOfTheOriginalAreNamedInOneWarning() throws {
        let settings = try load(
            production(["REDIS_URL": "redis://x", "ORDER_SERVICE_URL": "http://x", "API_IMAGE_TAG": "1"]))
        #expect(settings.warnings.count == 1)
        #expect(settings.warnings[0].contains("ORDER_SERVICE_URL, REDIS_URL"))
        #expect(!settings.warnings[0].contains("redis://"))
    }

    @Test func theReportHidesSecrets() {
        let report = SettingsReport.lines(environment: completeEnvironment).joined(separator: "\n")
        for row in SettingsTable.all where row.isSensitive {
            if let value = completeEnvironment[row.name], value != "private" { #expect(!report.contains("=\(value)")) }
        }
        #expect(report.contains("APP_ENV=production"))
        #expect(report.contains("SENDCLOUD_WEBHOOK_SECRET=(from SENDCLOUD_SECRET_KEY) (secret"))
    }
}
