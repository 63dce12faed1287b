/// Swift text taken apart just enough to judge it: what is code, what is comment, what is inside string literals.
struct SwiftSource {
    /// The text with comments and the insides of string literals blanked out; line numbers stay.
    private(set) var code = ""
    /// The inside of each string literal, as written.
    private(set) var literals: [String] = []

    private let characters: [Character]
    private var position = 0

    init(_ text: String) {
        characters = Array(text)
        while position < characters.count { scanCode() }
    }

    var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }

    private func has(_ text: String, at index: Int) -> Bool {
        var index = index
        for character in text {
            guard index < characters.count, characters[index] == character else { return false }
            index += 1
        }
        return true
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where position < characters.count {
            code.append(characters[position].isNewline ? "\n" : " ")
            position += 1
        }
    }

    private mutating func scanCode() {
        if has("//", at: position) {
            while position < characters.count, !characters[position].isNewline { blank() }
        } else if has("/*", at: position) {
            scanBlockComment()
        } else if let hashes = literalStart() {
            scanLiteral(hashes: hashes)
        } else {
            code.append(characters[position])
            position += 1
        }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if has("/*", at: position) {
                depth += 1
                blank(2)
            } else if has("*/", at: position) {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < characters.count
    }

    /// How many `#` stand before the quote when a string literal begins here.
    private func literalStart() -> Int? {
        var index = position
        while index < characters.count, characters[index] == "#" { index += 1 }
        return index < characters.count && characters[index] == "\"" ? index - position : nil
    }

    private mutating func scanLiteral(hashes: Int) {
        blank(hashes)
        let quote = has("\"\"\"", at: position) ? "\"\"\"" : "\""
        blank(quote.count)
        let fence = String(repeating: "#", count: hashes)
        var inside = ""
        while position < characters.count, !has(quote + fence, at: position) {
            if has("\\" + fence + "(", at: position) {
                blank(2 + hashes)
                scanInterpolation()
                inside += "$"
            } else if has("\\" + fence, at: position) {
                blank(2 + hashes)
            } else {
                inside.append(characters[position])
                blank()
            }
        }
        blank(quote.count + hashes)
        literals.append(inside)
    }

    /// An interpolation is code again, up to its closing parenthesis.
    private mutating func scanInterpolation() {
        var depth = 1
        while position < characters.count {
            if characters[position] == "(" { depth += 1 }
            if characters[position] == ")" { depth -= 1 }
            if depth == 0 { return blank() }
            scanCode()
        }
    }
}

extension SwiftSource {
    /// Every module this text imports.
    var imports: [String] {
        codeLines.compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            while let first = words.first, first != "import" {
                guard first.hasPrefix("@") || Self.accessLevels.contains(first) else { return nil }
                words.removeFirst()
            }
            guard words.count >= 2 else { return nil }
            let isOneDeclaration = words.count > 2 && Self.declarationKinds.contains(words[1])
            return words[isOneDeclaration ? 2 : 1].split(separator: ".").first.map(String.init)
        }
    }

    /// Each function and initialiser with a body: its name, first line and length in lines.
    var functions: [(name: String, line: Int, length: Int)] {
        let lines = codeLines
        var found: [(String, Int, Int)] = []
        for (index, line) in lines.enumerated() {
            guard let match = line.firstMatch(of: /\b(?:func\s+([^\s(<]+)|(init)[?!]?\s*[(<])/) else { continue }
            let before = line[..<match.range.lowerBound]
            guard !before.contains(/[.=(:]/), let end = Self.endOfBody(lines, from: index) else { continue }
            found.append((String(match.1 ?? "init"), index + 1, end - index + 1))
        }
        return found
    }

    /// The line of the closing brace; nil for a requirement without a body.
    private static func endOfBody(_ lines: [Substring], from start: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in start..<lines.count {
            for character in lines[index] {
                switch character {
                case "(": parentheses += 1
                case ")": parentheses -= 1
                case "{": braces += 1
                case "}":
                    braces -= 1
                    if braces == 0 && parentheses == 0 { return index }
                    if braces < 0 { return nil }
                default: break
                }
            }
            let next = index + 1 < lines.count ? lines[index + 1].drop { $0 == " " } : ""
            let goesOn = parentheses > 0 || braces > 0 || Self.continues(next)
            if !goesOn { return nil }
        }
        return nil
    }

    private static func continues(_ line: Substring) -> Bool {
        ["{", "->", "throws", "async", "where", ")"].contains { line.hasPrefix($0) }
    }

    private static let accessLevels: Set<String> = ["package", "public", "internal", "private", "fileprivate"]
    private static let declarationKinds: Set<String> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor",
    ]
}
