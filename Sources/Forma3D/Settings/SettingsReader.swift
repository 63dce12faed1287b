/// Reads rows of the table from an environment and collects every problem instead of stopping at the first.
///
/// A value that cannot be had is given as a harmless stand-in; whoever reads must throw `problems` before use.
struct SettingsReader {
    /// Longest secret file that is read, in bytes.
    static let fileBytesMaximum = 65_536

    private(set) var problems: [SettingsProblem] = []
    private(set) var namesRead: Set<String> = []
    private let environment: [String: String]
    private let readFile: (String) throws -> String

    /// - Parameter readFile: the text of a `NAME_FILE`; throws when it cannot be read.
    init(environment: [String: String], readFile: @escaping (String) throws -> String) {
        self.environment = environment
        self.readFile = readFile
    }

    mutating func report(_ problem: SettingsProblem) {
        problems.append(problem)
    }

    // MARK: Typed values

    mutating func text(_ name: String) -> String? { value(name) }

    mutating func boolean(_ name: String) -> Bool {
        parsed(name, else: false) { text in
            switch text.lowercased() {
            case "true", "1", "yes", "on": true
            case "false", "0", "no", "off": false
            default: nil
            }
        }
    }

    mutating func integer(_ name: String) -> Int {
        optionalInteger(name) ?? 0
    }

    mutating func optionalInteger(_ name: String) -> Int? {
        guard case .integer(let range)? = SettingsTable.byName[name]?.kind else { return nil }
        return parsed(name, else: nil) { text in
            guard let number = Self.wholeNumber(text), range.contains(number) else { return nil }
            return .some(number)
        }
    }

    mutating func decimal(_ name: String) -> Double {
        guard case .decimal(let range)? = SettingsTable.byName[name]?.kind else { return 0 }
        return parsed(name, else: 0) { text in
            guard text.utf8.count <= 20, let first = text.utf8.first, (0x30...0x39).contains(first),
                text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
                let number = Double(text), range.contains(number)
            else { return nil }
            return number
        }
    }

    mutating func choice<Choice: RawRepresentable<String>>(_ name: String, else fallback: Choice) -> Choice {
        parsed(name, else: fallback) { Choice(rawValue: $0.lowercased()) }
    }

    /// - Parameter isLenient: takes a shorter one than the table asks for.
    mutating func key(_ name: String, isLenient: Bool = false) -> String? {
        guard case .key(let wanted)? = SettingsTable.byName[name]?.kind else { return nil }
        let minimum = isLenient ? 1 : wanted
        return parsed(name, else: nil) { text in
            text.count >= minimum && !text.contains(where: \.isWhitespace) ? .some(text) : nil
        }
    }

    mutating func identifier(_ name: String) -> String? {
        parsed(name, else: nil) { text in
            text.utf8.count <= 18 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? .some(text) : nil
        }
    }

    mutating func list(_ name: String) -> [String] {
        guard let text = value(name) else { return [] }
        let elements = text.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
        if elements.isEmpty { reportMalformed(name) }
        return elements
    }

    /// `name:number` separated by commas.
    mutating func limits(_ name: String) -> [String: Int] {
        var limits: [String: Int] = [:]
        for element in list(name) {
            let parts = element.split(separator: ":")
            guard parts.count == 2, let limit = Self.wholeNumber(String(parts[1])), (1...256).contains(limit) else {
                reportMalformed(name)
                continue
            }
            limits[Self.trimmed(parts[0])] = limit
        }
        return limits
    }

    mutating func hostName(_ name: String) -> String? {
        parsed(name, else: nil) { text in HostName.isValid(text) ? .some(text.lowercased()) : nil }
    }

    /// Without a slash at the end.
    /// - Parameter placeholders: what stands for `{word}` in it.
    mutating func url(_ name: String, placeholders: [String: String] = [:]) -> VendorURL? {
        parsed(name, else: nil) { text in
            let filled = placeholders.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
            return VendorURL(filled).map { .some($0) }
        }
    }

    mutating func databaseURL(_ name: String) -> DatabaseLocation? {
        parsed(name, else: nil) { text in
            if text == "private" { return .some(.privateCluster) }
            let isURL = text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
            return isURL && text.utf8.count <= 2_048 ? .some(.url(text)) : nil
        }
    }

    // MARK: Raw values

    /// Whether the environment itself sets it, by name or by file.
    func isSet(_ name: String) -> Bool {
        [name, name + "_FILE"].contains { !Self.trimmed(environment[$0] ?? "").isEmpty }
    }

    /// The value as written: the variable, its file, its fallback, its default. Surrounding space does not count, and an
    /// empty variable is an unset one (docker compose passes empty ones on).
    private mutating func value(_ name: String) -> String? {
        guard let row = SettingsTable.byName[name] else {
            report(SettingsProblem(name, "is not in the table of settings", remedy: "Declare it in SettingsTable."))
            return nil
        }
        namesRead.insert(name)
        if let own = environmentValue(row) { return own }
        if let fallback = row.fallback, let other = SettingsTable.byName[fallback], let value = environmentValue(other)
        {
            return value
        }
        return row.defaultText
    }

    private mutating func environmentValue(_ row: Setting) -> String? {
        let plain = Self.trimmed(environment[row.name] ?? "")
        guard let fileVariable = row.fileVariable, let path = environment[fileVariable].map(Self.trimmed), !path.isEmpty
        else { return plain.isEmpty ? nil : plain }
        guard plain.isEmpty else {
            report(
                SettingsProblem(
                    fileVariable, "is set beside \(row.name)", remedy: "Keep one of the two."))
            return plain
        }
        guard let text = try? readFile(path), text.utf8.count <= Self.fileBytesMaximum else {
            report(
                SettingsProblem(
                    fileVariable, "names a file that cannot be read as text",
                    allowed: "a readable UTF-8 file of at most \(Self.fileBytesMaximum) bytes",
                    remedy: "Check the path and that the server's user may read it."))
            return nil
        }
        let content = Self.trimmed(text)
        if content.isEmpty {
            report(SettingsProblem(fileVariable, "names an empty file", remedy: "Write the value into it."))
            return nil
        }
        return content
    }

    private mutating func parsed<Value>(_ name: String, else standIn: Value, _ parse: (String) -> Value?) -> Value {
        guard let text = value(name) else { return standIn }
        if let parsed = parse(text) { return parsed }
        reportMalformed(name)
        return standIn
    }

    private mutating func reportMalformed(_ name: String) {
        let row = SettingsTable.byName[name]
        let source = sourceVariable(name)
        let remedy = row?.defaultText.map { "Mend it, or unset it for the default (\($0))." } ?? "Mend or unset it."
        let problem = SettingsProblem(source, "cannot be used as it is", allowed: row?.kind.allowed, remedy: remedy)
        if !problems.contains(problem) { report(problem) }
    }

    /// The variable a value came from, for a problem to name.
    private func sourceVariable(_ name: String) -> String {
        guard !isSet(name), let fallback = SettingsTable.byName[name]?.fallback, isSet(fallback) else {
            return isSet(name) && Self.trimmed(environment[name] ?? "").isEmpty ? name + "_FILE" : name
        }
        return fallback
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }

    private static func wholeNumber(_ text: String) -> Int? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
