import HTTPServer
import Jobs

/// Every setting there is: the one place to add, rename or remove one (ADR-050).
enum SettingsTable {
    static let all: [Setting] =
        server + edge + http + database + work + webhooks + shopify + simplyPrint + sendcloud + notifications
        + gridFlock + development + deployment

    static let byName: [String: Setting] = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private static let server: [Setting] = [
        Setting(
            "APP_ENV", .server, .choice(AppEnvironment.allCases.map(\.rawValue)),
            "Where this server runs; everything but development refuses to start when something important is missing.",
            defaultText: "development", fallback: "NODE_ENV"),
        Setting(
            "NODE_ENV", .server, .choice(AppEnvironment.allCases.map(\.rawValue)),
            "The original system's name for APP_ENV, read where APP_ENV is unset.",
            whenUnset: "APP_ENV decides"),
        Setting(
            "APP_HOST", .server, .text, "The address the server listens on.",
            whenUnset: "127.0.0.1 in development, else 0.0.0.0"),
        Setting(
            "APP_PORT", .server, .integer(0...65_535), "The port the server listens on; 0 takes any free one.",
            defaultText: "3000"),
        Setting(
            "API_URL", .server, .url, "The public address of this server, as vendors reach it for webhooks.",
            whenUnset: "webhook subscriptions are not looked after"),
        Setting(
            "WEB_URL", .server, .url, "The public address of the operators' pages.", whenUnset: "API_URL"),
        Setting(
            "DATA_DIR", .server, .text, "The folder for what this server keeps itself, such as its private database.",
            defaultText: ".forma3d", whenUnset: "`.forma3d`; as root `/var/lib/forma3d`"),
        Setting(
            "LOG_LEVEL", .server, .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            "The least important messages that are logged.", defaultText: "info"),
        Setting(
            "INTERNAL_API_KEY", .server, .key(charactersMinimum: 16),
            "The operators' key, sent as X-API-Key; make one with `openssl rand -hex 32`.",
            whenUnset: "open in development, with a warning", isSensitive: true, requirement: .outsideDevelopment),
        Setting(
            "METRICS_PORT", .server, .integer(1...65_535),
            "A port of its own for /metrics, open to whoever can reach it.",
            whenUnset: "/metrics is on APP_PORT, for loopback or with the key"),
    ]

    private static let edge: [Setting] = [
        Setting(
            "TRUSTED_PROXIES", .edge, .proxies,
            "Whose X-Forwarded-For, -Proto, -Host, X-Real-IP and Forwarded are believed; `private` for a Traefik in the "
                + "same container network, where nobody else can reach this port.",
            defaultText: "loopback"),
        Setting(
            "CORS_ORIGINS", .edge, .origins,
            "Pages of other origins that may read the API from a browser and open its WebSocket.",
            whenUnset: "none may"),
        Setting(
            "HSTS_SECONDS", .edge, .integer(0...63_072_000),
            "How long browsers are told to come by https alone; said over https only, 0 says nothing.",
            defaultText: "0"),
        Setting(
            "GZIP", .edge, .boolean, "Compresses answers of 1 KiB and more for clients that want it.",
            defaultText: "true"),
        Setting(
            "LOG_CLIENT_ADDRESSES", .edge, .boolean,
            "Writes the client's IP address, which is personal data (GDPR), into the access log.",
            defaultText: "false"),
        Setting(
            "APP_SOCKET", .edge, .socketPath,
            "A unix socket to listen on as well, for a proxy on this machine (then add `unix` to TRUSTED_PROXIES).",
            whenUnset: "none"),
        Setting(
            "DRAIN_PAUSE_SECONDS", .edge, .decimal(0...60),
            "How long a stopping server goes on serving after it has said it is not ready, so that the proxy sends "
                + "nothing more; somewhat above the proxy's health check interval.",
            defaultText: "2"),
    ]

    /// The HTTP server's own limits, from its table.
    private static let http: [Setting] = NamedLimit.all.map { limit in
        let defaults = HTTPServerConfiguration()
        return switch limit.value {
        case .count(let path, let range):
            Setting(
                limit.name, .http, .integer(range), limit.purpose, defaultText: String(defaults[keyPath: path]))
        case .amount(let path, let range):
            Setting(
                limit.name, .http, .decimal(range), limit.purpose,
                defaultText: Setting.Kind.short(defaults[keyPath: path]))
        }
    }

    private static let database: [Setting] = [
        Setting(
            "DATABASE_URL", .database, .databaseURL,
            "The PostgreSQL database (15 or later); `private` runs one of the server's own under DATA_DIR.",
            whenUnset: "`private` in development", isSensitive: true, requirement: .outsideDevelopment),
        Setting(
            "DATABASE_DIRECT_URL", .database, .databaseURL,
            "The same database without a pooler in between, for migrations and notifications.",
            whenUnset: "DATABASE_URL", isSensitive: true),
        Setting(
            "DATABASE_POOL_SIZE", .database, .integer(2...200), "Most connections of one server to the database.",
            defaultText: "10"),
    ]

    private static let work: [Setting] = [
        Setting(
            "WORKER_CONCURRENCY", .work, .integer(1...256), "Jobs that one server works on at a time.",
            defaultText: "8"),
        Setting(
            "JOB_QUEUE_CONCURRENCY", .work, .list,
            "Of them, the most of one queue, such as `printing:4,shipping:2`; a queue that is not named has no limit.",
            whenUnset: "no limit but WORKER_CONCURRENCY"),
        Setting(
            "RETRY_MAX_RETRIES", .work, .integer(0...100),
            "How often a job that was answered with an error is tried again before it waits for an operator.",
            defaultText: "5"),
        Setting(
            "RETRY_INITIAL_DELAY_MS", .work, .integer(1...3_600_000), "The wait before the first retry.",
            defaultText: "1000"),
        Setting(
            "RETRY_MAX_DELAY_MS", .work, .integer(1...86_400_000), "The longest wait between two retries.",
            defaultText: "3600000"),
        Setting(
            "RETRY_BACKOFF_MULTIPLIER", .work, .decimal(1...10), "How much longer each wait is than the one before.",
            defaultText: "2"),
        Setting(
            "RETRY_JITTER_PERCENT", .work, .integer(0...100),
            "How far a wait is spread by chance, so that retries do not come in step.", defaultText: "10"),
        Setting(
            "RETRY_CLEANUP_DAYS", .work, .integer(1...365), "How long finished jobs are kept.", defaultText: "7"),
        Setting(
            "NOT_NOW_LIMIT_HOURS", .work, .decimal(0.01...720),
            "How long a job waits for a vendor that cannot be reached before it waits for an operator.",
            defaultText: "24"),
        Setting(
            "JOB_LEASE_SECONDS", .work, .decimal(1...600),
            "How long a job stays with a server that no longer says it is alive.", defaultText: "30"),
        Setting(
            "JOB_POLL_MS", .work, .integer(10...60_000),
            "How often the queue is looked at when no notification comes.", defaultText: "1000"),
        Setting(
            "RECONCILE_INTERVAL_SECONDS", .work, .decimal(1...86_400),
            "How often vendors are compared with what we believe.", defaultText: "300"),
        Setting(
            "VENDOR_LAG_SECONDS", .work, .decimal(0...600),
            "How long a vendor may hide something it has already done; waited out before an unknown outcome is judged.",
            defaultText: "10"),
        Setting(
            "VENDOR_CIRCUIT_OPEN_MS", .work, .integer(10...60_000),
            "How long a vendor that is down is left alone before one job tries it; doubled each time, up to 24 times.",
            defaultText: "5000"),
    ]

    private static let webhooks: [Setting] = [
        Setting(
            "WEBHOOK_IDEMPOTENCY_TTL_HOURS", .webhooks, .integer(1...8_760),
            "How long a delivered webhook is remembered, so that a second delivery changes nothing.",
            defaultText: "24"),
        Setting(
            "WEBHOOK_RETENTION_DAYS", .webhooks, .integer(1...3_650),
            "How long webhook bodies, which hold personal data, are kept.", defaultText: "90"),
        Setting(
            "WEBHOOK_SKIP_VERIFICATION", .webhooks, .boolean,
            "Takes webhooks without a valid signature; counts in development only.", defaultText: "false"),
    ]

    private static let development: [Setting] = [
        Setting(
            "FORMA3D_FAULTS", .development, .text,
            "Arms fault points for tests, `point[/kind]:action[*times][%percent],…` (docs/05-deployment/faults.md); "
                + "refused in production.", whenUnset: "none armed"),
        Setting(
            "FORMA3D_FAULTS_SEED", .development, .integer(0...FaultPoints.seedMaximum),
            "What the percentages of FORMA3D_FAULTS are drawn from, to play a run again.",
            whenUnset: "drawn and logged at start"),
    ]

    private static let deployment: [Setting] = [
        Setting(
            "REGISTRY_URL", .deployment, .text, "The container registry that images are pushed to and pulled from.",
            isRead: false),
        Setting("API_IMAGE_TAG", .deployment, .text, "The tag of the server image to run.", isRead: false),
        Setting(
            "WEB_IMAGE_TAG", .deployment, .text,
            "The tag of the original system's web image; the server serves the pages itself now.", isRead: false),
        Setting(
            "GATEWAY_IMAGE_TAG", .deployment, .text,
            "The tag of the original system's gateway image; there is no gateway now.", isRead: false),
        Setting(
            "API_HOST", .deployment, .text, "The public host name that Traefik routes to the server.", isRead: false),
        Setting("ACME_EMAIL", .deployment, .text, "Where Let's Encrypt sends its warnings.", isRead: false),
        Setting(
            "SERVER_REPLICAS", .deployment, .text, "How many servers share the work behind Traefik.", defaultText: "1",
            isRead: false),
        Setting("DO_DROPLET_IP", .deployment, .text, "The address of the DigitalOcean droplet.", isRead: false),
        Setting(
            "DO_DATACENTER", .deployment, .text, "The DigitalOcean data centre of the droplet.", defaultText: "ams3",
            isRead: false),
    ]
}
