import Routing

/// One row of the declared table of settings (DESIGN §3.12): parsing, validation, `.env.example` and the reference page
/// all come from these rows.
struct Setting: Sendable {
    /// Where a row is listed, in this order.
    enum Group: String, CaseIterable, Sendable {
        case server = "Server"
        case edge = "Behind a proxy"
        case http = "Limits of the HTTP server"
        case database = "Database"
        case work = "Queue and workers"
        case webhooks = "Webhooks"
        case shopify = "Shopify"
        case simplyPrint = "SimplyPrint"
        case sendcloud = "Sendcloud and shipping"
        case notifications = "Mails and push messages to operators"
        case gridFlock = "GridFlock, drawer plates"
        case development = "Development"
        case deployment = "Deployment only (not read by the server)"
    }

    /// What a value must look like.
    enum Kind: Hashable, Sendable {
        case text
        /// Text of at least that many characters, without spaces.
        case key(charactersMinimum: Int)
        case boolean
        case integer(ClosedRange<Int>)
        case decimal(ClosedRange<Double>)
        case choice([String])
        /// `http` or `https`, without user, query or fragment; a path is kept.
        case url
        case hostName
        /// Digits only.
        case identifier
        /// Separated by commas.
        case list
        case databaseURL
        /// `TrustedProxies`' list.
        case proxies
        /// `CrossOriginPolicy`'s list.
        case origins
        /// Of a unix socket.
        case socketPath
        case mailAddress
        /// Separated by commas.
        case mailAddresses
        /// `mailto:` or `https:`.
        case contact
        /// Width and depth of a printer's bed.
        case bed
        /// ISO 4217.
        case currency
    }

    /// When the server cannot do without it.
    enum Requirement: Hashable, Sendable {
        case never
        case outsideDevelopment
        case outsideDevelopmentWhenShipping
    }

    let name: String
    let group: Group
    let kind: Kind
    let purpose: String
    /// As it would be written; nil when unset means something by itself (then `whenUnset` says what).
    let defaultText: String?
    /// What happens when it is unset and has no plain default.
    let whenUnset: String?
    let isSensitive: Bool
    let requirement: Requirement
    /// Another variable that takes its place when it is unset.
    let fallback: String?
    /// False for what only the deployment scripts read.
    let isRead: Bool

    init(
        _ name: String, _ group: Group, _ kind: Kind, _ purpose: String, defaultText: String? = nil,
        whenUnset: String? = nil, isSensitive: Bool = false, requirement: Requirement = .never,
        fallback: String? = nil, isRead: Bool = true
    ) {
        self.name = name
        self.group = group
        self.kind = kind
        self.purpose = purpose
        self.defaultText = defaultText
        self.whenUnset = whenUnset
        self.isSensitive = isSensitive
        self.requirement = requirement
        self.fallback = fallback
        self.isRead = isRead
    }

    /// The variable that names a file holding the value, for secrets mounted by Docker or Kubernetes.
    var fileVariable: String? { isSensitive ? name + "_FILE" : nil }
}

extension Setting.Kind {
    /// `sun_path` with its NUL (unix(7)).
    static let socketPathBytesMaximum = 107

    /// The allowed values in words, for problems and the reference page.
    var allowed: String {
        switch self {
        case .text: "text"
        case .key(1): "text without spaces"
        case .key(let minimum): "at least \(minimum) characters without spaces (shorter only in development)"
        case .boolean: "true or false"
        case .integer(let range): "a whole number, \(range.lowerBound) to \(range.upperBound)"
        case .decimal(let range): "a number, \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
        case .choice(let words): words.joined(separator: ", ")
        case .url: "an http or https URL without user, query or fragment"
        case .hostName: "a host name such as example.myshopify.com"
        case .identifier: "digits only"
        case .list: "one or more values separated by commas"
        case .databaseURL: "postgresql://user:password@host:port/name?sslmode=verify-full, or private"
        case .proxies: TrustedProxies.allowed
        case .origins: CrossOriginPolicy.allowed
        case .mailAddress: "an address such as name@example.com"
        case .mailAddresses: "addresses such as name@example.com, separated by commas"
        case .contact: "mailto:name@example.com, or an https URL"
        case .bed: "width x depth, 50 to 1000 mm each, such as 256x256, or a printer of `forma3d gridflock presets`"
        case .currency: "three capital letters such as EUR"
        case .socketPath: "an absolute path of at most \(Self.socketPathBytesMaximum) bytes"
        }
    }

    static func short(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? String(value)
    }
}
