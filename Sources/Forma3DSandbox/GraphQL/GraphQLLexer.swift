/// Where a token stands: line and column from 1, as Shopify reports them.
struct SourceLocation: Hashable, Sendable {
    let line: Int
    let column: Int

    var node: JSONNode { ["line": .integer(line), "column": .integer(column)] }
}

/// A document that is no GraphQL.
struct GraphQLSyntaxError: Error, Hashable {
    let message: String
    let location: SourceLocation
}

/// One token (GraphQL specification, October 2021, §2.1).
struct GraphQLToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case name(String)
        case integer(String)
        case float(String)
        case string(String)
        /// One of `! $ & ( ) ... : = @ [ ] { | }`.
        case punctuator(String)
        case end
    }

    let kind: Kind
    let location: SourceLocation
}

/// Splits a document into tokens; commas, white space and comments vanish.
struct GraphQLLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    private var column = 1

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    static func tokens(of text: String) throws(GraphQLSyntaxError) -> [GraphQLToken] {
        var lexer = GraphQLLexer(text)
        var tokens: [GraphQLToken] = []
        while let token = try lexer.next() { tokens.append(token) }
        // Shopify points at the last token when the end comes too early (recorded: "unexpected end of file at [3, 5]").
        tokens.append(
            GraphQLToken(kind: .end, location: tokens.last?.location ?? SourceLocation(line: 1, column: 1)))
        return tokens
    }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func advance() {
        if current == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        position += 1
    }

    private mutating func skipIgnored() {
        while let scalar = current {
            if scalar == "#" {
                while let inside = current, inside != "\n" { advance() }
            } else if scalar == " " || scalar == "," || scalar == "\n" || scalar == "\r" || scalar == "\t"
                || scalar == "\u{FEFF}"
            {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func next() throws(GraphQLSyntaxError) -> GraphQLToken? {
        skipIgnored()
        guard let scalar = current else { return nil }
        let location = SourceLocation(line: line, column: column)
        if Self.isNameStart(scalar) {
            return GraphQLToken(kind: .name(take { Self.isNameStart($0) || Self.isDigit($0) }), location: location)
        }
        if Self.isDigit(scalar) || scalar == "-" { return GraphQLToken(kind: number(), location: location) }
        if scalar == "\"" { return GraphQLToken(kind: .string(try string(at: location)), location: location) }
        if scalar == ".", text(of: 3) == "..." {
            for _ in 0..<3 { advance() }
            return GraphQLToken(kind: .punctuator("..."), location: location)
        }
        guard "!$&():=@[]{|}".unicodeScalars.contains(scalar) else {
            throw GraphQLSyntaxError(
                message: "syntax error, unexpected invalid token (\"\(scalar)\") at [\(line), \(column)]",
                location: location)
        }
        advance()
        return GraphQLToken(kind: .punctuator(String(scalar)), location: location)
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
        var text = ""
        while let scalar = current, condition(scalar) {
            text.unicodeScalars.append(scalar)
            advance()
        }
        return text
    }

    private func text(of count: Int) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[position..<min(scalars.count, position + count)])
        return text
    }

    private mutating func number() -> GraphQLToken.Kind {
        let text = take { Self.isDigit($0) || "+-.eE".unicodeScalars.contains($0) }
        return text.contains(where: { ".eE".contains($0) }) ? .float(text) : .integer(text)
    }

    private mutating func string(at location: SourceLocation) throws(GraphQLSyntaxError) -> String {
        if text(of: 3) == "\"\"\"" { return try blockString(at: location) }
        advance()
        var text = ""
        while let scalar = current, scalar != "\n" {
            advance()
            if scalar == "\"" { return text }
            guard scalar == "\\", let escaped = current else {
                text.unicodeScalars.append(scalar)
                continue
            }
            advance()
            switch escaped {
            case "n": text += "\n"
            case "t": text += "\t"
            case "r": text += "\r"
            case "u":
                let digits = take(count: 4)
                text.unicodeScalars.append(UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}")
            default: text.unicodeScalars.append(escaped)
            }
        }
        throw unterminated(location)
    }

    private mutating func take(count: Int) -> String {
        var left = count
        return take { _ in
            left -= 1
            return left >= 0
        }
    }

    private mutating func blockString(at location: SourceLocation) throws(GraphQLSyntaxError) -> String {
        for _ in 0..<3 { advance() }
        var content = ""
        while let scalar = current {
            if text(of: 3) == "\"\"\"" {
                for _ in 0..<3 { advance() }
                return content
            }
            content.unicodeScalars.append(scalar)
            advance()
        }
        throw unterminated(location)
    }

    private func unterminated(_ location: SourceLocation) -> GraphQLSyntaxError {
        GraphQLSyntaxError(
            message: "syntax error, unexpected invalid token (\"\\\"\") at [\(location.line), \(location.column)]",
            location: location)
    }
}
