/// The rules that look at more than one setting.
enum SettingsRules {
    static func check(_ settings: Settings, _ reader: inout SettingsReader) {
        // Without knowing where it runs, what is required is not known either.
        if !reader.problems.contains(where: { ["APP_ENV", "NODE_ENV"].contains($0.variable) }) {
            checkRequired(settings, &reader)
            checkPlainHTTP(settings, &reader)
            checkNotifications(settings, &reader)
        }
        if settings.appEnv == .production, settings.armedFaults != nil {
            reader.report(
                SettingsProblem("FORMA3D_FAULTS", "is set in production", remedy: "Unset it: it breaks things."))
        }
        if settings.retryMaxDelayMilliseconds < settings.retryInitialDelayMilliseconds {
            reader.report(
                SettingsProblem(
                    "RETRY_MAX_DELAY_MS", "is shorter than RETRY_INITIAL_DELAY_MS",
                    allowed: "RETRY_INITIAL_DELAY_MS or more", remedy: "Raise it or lower the other."))
        }
        if reader.isSet("DATABASE_DIRECT_URL"), settings.databaseDirectURL == nil,
            !reader.problems.contains(where: { $0.variable.hasPrefix("DATABASE_DIRECT_URL") })
        {
            reader.report(
                SettingsProblem(
                    "DATABASE_DIRECT_URL", "cannot be `private`", allowed: "a postgresql:// URL",
                    remedy: "Unset it: the private database has no pooler."))
        }
    }

    /// One sentence each, without values.
    static func warnings(
        _ environment: [String: String], _ reader: SettingsReader, skipsVerification: Bool, isDevelopment: Bool,
        hasAPIKey: Bool
    ) -> [String] {
        var warnings: [String] = []
        if !reader.isSet("APP_ENV"), !reader.isSet("NODE_ENV") {
            warnings.append(
                "APP_ENV is unset: running as development, which is lenient. Set APP_ENV=production on a real server.")
        }
        if isDevelopment, !hasAPIKey {
            warnings.append("INTERNAL_API_KEY is unset: the operators' API is open to whoever reaches this port.")
        }
        if skipsVerification {
            warnings.append(
                isDevelopment
                    ? "WEBHOOK_SKIP_VERIFICATION is on: webhooks are taken without a valid signature."
                    : "WEBHOOK_SKIP_VERIFICATION is ignored outside development: signatures are verified.")
        }
        let ignored = IgnoredVariables.present(in: environment)
        if !ignored.isEmpty {
            warnings.append("These variables of the original system are not read: \(ignored.joined(separator: ", ")).")
        }
        return warnings
    }

    private static func checkRequired(_ settings: Settings, _ reader: inout SettingsReader) {
        guard !settings.isDevelopment else { return }
        for row in SettingsTable.all where row.requirement != .never {
            if row.requirement == .outsideDevelopmentWhenShipping, !settings.shippingEnabled { continue }
            let names = [row.name] + (row.fallback.map { [$0] } ?? [])
            // A shop reached by a whole URL of its own needs no shop domain.
            let isReplaced = row.name == "SHOPIFY_SHOP_DOMAIN" && settings.shopifyAPIURL != nil
            guard !isReplaced, !names.contains(where: reader.isSet) else { continue }
            let shipping =
                row.requirement == .outsideDevelopmentWhenShipping ? ", or set SHIPPING_ENABLED=false" : ""
            let other = row.fallback.map { " (or \($0))" } ?? ""
            let file = row.fileVariable.map { " (or \($0))" } ?? ""
            reader.report(
                SettingsProblem(
                    row.name, "is missing and APP_ENV is \(settings.appEnv.rawValue)", allowed: row.kind.allowed,
                    remedy: "Set \(row.name)\(row.fallback == nil ? file : other)\(shipping)."))
        }
    }

    /// Half a mail set-up would lose every notice in silence.
    private static func checkNotifications(_ settings: Settings, _ reader: inout SettingsReader) {
        let own = settings.notifications
        if own.smtpHost != nil {
            for name in ["SMTP_FROM", "OPERATOR_EMAIL"] where !reader.isSet(name) {
                reader.report(
                    SettingsProblem(
                        name, "is missing and SMTP_HOST is set", allowed: SettingsTable.byName[name]?.kind.allowed,
                        remedy: "Set \(name), or unset SMTP_HOST."))
            }
        }
        if reader.isSet("SMTP_USER") != reader.isSet("SMTP_PASS") {
            let missing = reader.isSet("SMTP_USER") ? "SMTP_PASS" : "SMTP_USER"
            reader.report(
                SettingsProblem(
                    missing, "is missing: a login needs both", remedy: "Set SMTP_USER and SMTP_PASS, or neither."))
        }
        if settings.appEnv == .production, own.isPlainToAnotherMachine {
            reader.report(
                SettingsProblem(
                    "SMTP_SECURITY", "is none for another machine in production", allowed: "starttls or tls",
                    remedy: "Use starttls, or tls for port 465."))
        }
        if own.pushKey != nil, own.pushContact == nil {
            reader.report(
                SettingsProblem(
                    "VAPID_SUBJECT", "is missing and VAPID_PRIVATE_KEY is set", allowed: Setting.Kind.contact.allowed,
                    remedy: "Set VAPID_SUBJECT or SMTP_FROM."))
        }
    }

    /// Keys travel to these, so plain http is for this machine only (production).
    private static func checkPlainHTTP(_ settings: Settings, _ reader: inout SettingsReader) {
        guard settings.appEnv == .production else { return }
        let addresses = [
            ("SHOPIFY_API_URL", settings.shopifyAPIURL), ("SIMPLYPRINT_API_URL", settings.simplyPrintAPIURL),
            ("SIMPLYPRINT_FILES_URL", settings.simplyPrintFilesURL), ("SENDCLOUD_API_URL", settings.sendcloudAPIURL),
        ]
        for (name, address) in addresses {
            guard let url = address.flatMap(VendorURL.init), url.isPlainHTTP, !url.isLoopback else { continue }
            reader.report(
                SettingsProblem(
                    name, "is plain http in production", allowed: "https, or http to this machine",
                    remedy: "Write https://."))
        }
    }
}

/// Variables of the original's services that nothing here reads (yet): named once at start, so that nobody wonders.
enum IgnoredVariables {
    static let names = [
        "AUTH_STORAGE_KEY", "CLICKHOUSE_ENDPOINT", "GATEWAY_PORT", "GATEWAY_URL", "GRIDFLOCK_SERVICE_PORT",
        "GRIDFLOCK_SERVICE_URL", "ORDER_SERVICE_PORT", "ORDER_SERVICE_URL",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_USER", "PRINT_SERVICE_PORT",
        "PRINT_SERVICE_URL", "RATE_LIMIT_DEFAULT", "REDIS_URL", "SEED_ADMIN_EMAIL", "SEED_ADMIN_PASSWORD",
        "SENTRY_DSN", "SESSION_SECRET", "SHIPPING_SERVICE_PORT", "SHIPPING_SERVICE_URL", "SLICER_URL", "VITE_API_URL",
    ]

    static func present(in environment: [String: String]) -> [String] {
        names.filter { !(environment[$0] ?? "").isEmpty }
    }
}
