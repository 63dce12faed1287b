/// Reads requests, and with `GraphQLParser+Schema` the schema language, by recursive descent.
struct GraphQLParser {
    /// Deeper selections than any client of ours; stops a hostile document before the stack does.
    static let depthMaximum = 40

    private let tokens: [GraphQLToken]
    private var position = 0
    private var depth = 0

    init(_ text: String) throws(GraphQLSyntaxError) {
        tokens = try GraphQLLexer.tokens(of: text)
    }

    /// - Throws: `GraphQLSyntaxError` in Shopify's words.
    static func document(_ text: String) throws(GraphQLSyntaxError) -> GraphQLDocument {
        var parser = try GraphQLParser(text)
        return try parser.document()
    }

    private mutating func document() throws(GraphQLSyntaxError) -> GraphQLDocument {
        var document = GraphQLDocument()
        repeat {
            if isAt(name: "fragment") {
                let fragment = try fragment()
                document.fragments[fragment.name] = fragment
            } else {
                document.operations.append(try operation())
            }
        } while !isAtEnd
        return document
    }

    private mutating func operation() throws(GraphQLSyntaxError) -> GraphQLOperation {
        let location = current.location
        if isAt("{") {
            return GraphQLOperation(
                kind: .query, name: nil, variables: [], selections: try selections(), location: location)
        }
        guard case .name(let word) = current.kind, let kind = GraphQLOperation.Kind(rawValue: word) else {
            throw unexpected()
        }
        position += 1
        var name: String?
        if case .name(let text) = current.kind {
            name = text
            position += 1
        }
        let variables = try variables()
        _ = try directives()
        return GraphQLOperation(
            kind: kind, name: name, variables: variables, selections: try selections(), location: location)
    }

    private mutating func variables() throws(GraphQLSyntaxError) -> [GraphQLVariable] {
        guard skip("(") else { return [] }
        var variables: [GraphQLVariable] = []
        repeat {
            let location = current.location
            try expect("$")
            let name = try name()
            try expect(":")
            let type = try typeReference()
            let value = skip("=") ? try literal() : nil
            _ = try directives()
            variables.append(GraphQLVariable(name: name, type: type, defaultValue: value, location: location))
        } while !skip(")")
        return variables
    }

    private mutating func fragment() throws(GraphQLSyntaxError) -> GraphQLFragment {
        let location = current.location
        position += 1
        let name = try name()
        guard isAt(name: "on") else { throw unexpected() }
        position += 1
        let type = try self.name()
        _ = try directives()
        return GraphQLFragment(name: name, type: type, selections: try selections(), location: location)
    }

    private mutating func selections() throws(GraphQLSyntaxError) -> [GraphQLSelection] {
        try expect("{")
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMaximum else { throw unexpected() }
        var selections: [GraphQLSelection] = []
        repeat { selections.append(try selection()) } while !skip("}")
        return selections
    }

    private mutating func selection() throws(GraphQLSyntaxError) -> GraphQLSelection {
        let location = current.location
        guard skip("...") else { return .field(try field()) }
        if isAt(name: "on") {
            position += 1
            let type = try name()
            let directives = try directives()
            return .inline(type: type, directives: directives, selections: try selections(), location: location)
        }
        if case .name(let name) = current.kind {
            position += 1
            return .spread(name: name, directives: try directives(), location: location)
        }
        let directives = try directives()
        return .inline(type: nil, directives: directives, selections: try selections(), location: location)
    }

    private mutating func field() throws(GraphQLSyntaxError) -> GraphQLField {
        let location = current.location
        var name = try name()
        var alias: String?
        if skip(":") {
            alias = name
            name = try self.name()
        }
        let arguments = try arguments()
        let directives = try directives()
        return GraphQLField(
            alias: alias, name: name, arguments: arguments, directives: directives,
            selections: isAt("{") ? try selections() : [], location: location)
    }

    private mutating func arguments() throws(GraphQLSyntaxError) -> [GraphQLArgument] {
        guard skip("(") else { return [] }
        var arguments: [GraphQLArgument] = []
        repeat { arguments.append(try argument()) } while !skip(")")
        return arguments
    }

    private mutating func argument() throws(GraphQLSyntaxError) -> GraphQLArgument {
        let location = current.location
        let name = try name()
        try expect(":")
        return GraphQLArgument(name: name, value: try literal(), location: location)
    }

    private mutating func directives() throws(GraphQLSyntaxError) -> [GraphQLDirective] {
        var directives: [GraphQLDirective] = []
        while isAt("@") {
            let location = current.location
            position += 1
            directives.append(GraphQLDirective(name: try name(), arguments: try arguments(), location: location))
        }
        return directives
    }

    mutating func typeReference() throws(GraphQLSyntaxError) -> GraphQLTypeReference {
        var type: GraphQLTypeReference
        if skip("[") {
            type = .list(try typeReference())
            try expect("]")
        } else {
            type = .named(try name())
        }
        if skip("!") { type = .nonNull(type) }
        return type
    }

    mutating func literal() throws(GraphQLSyntaxError) -> GraphQLLiteral {
        depth += 1
        defer { depth -= 1 }
        let token = current
        guard depth <= Self.depthMaximum else { throw unexpected() }
        switch token.kind {
        case .integer(let text), .float(let text): return taken(.number(text))
        case .string(let text): return taken(.string(text))
        case .name("true"): return taken(.bool(true))
        case .name("false"): return taken(.bool(false))
        case .name("null"): return taken(.null)
        case .name(let text): return taken(.enumeration(text))
        case .punctuator("$"):
            position += 1
            return .variable(try name(), token.location)
        case .punctuator("["):
            position += 1
            var values: [GraphQLLiteral] = []
            while !skip("]") { values.append(try literal()) }
            return .list(values)
        case .punctuator("{"):
            position += 1
            var members: [GraphQLArgument] = []
            while !skip("}") { members.append(try argument()) }
            return .object(members)
        default: throw unexpected()
        }
    }

    private mutating func taken(_ literal: GraphQLLiteral) -> GraphQLLiteral {
        position += 1
        return literal
    }

    // MARK: Tokens

    private var current: GraphQLToken { tokens[min(position, tokens.count - 1)] }
    var isAtEnd: Bool { current.kind == .end }

    func isAt(_ punctuator: String) -> Bool { current.kind == .punctuator(punctuator) }

    func isAt(name: String) -> Bool { current.kind == .name(name) }

    mutating func skip(_ punctuator: String) -> Bool {
        guard isAt(punctuator) else { return false }
        position += 1
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard isAt(name: name) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ punctuator: String) throws(GraphQLSyntaxError) {
        guard skip(punctuator) else { throw unexpected() }
    }

    mutating func name() throws(GraphQLSyntaxError) -> String {
        guard case .name(let text) = current.kind else { throw unexpected() }
        position += 1
        return text
    }

    func unexpected() -> GraphQLSyntaxError {
        let place = "[\(current.location.line), \(current.location.column)]"
        let what =
            switch current.kind {
            case .end: "end of file"
            case .name(let text): "IDENTIFIER (\"\(text)\")"
            case .integer(let text): "INT (\"\(text)\")"
            case .float(let text): "FLOAT (\"\(text)\")"
            case .string(let text): "STRING (\"\(text)\")"
            case .punctuator(let text): "\(Self.punctuatorNames[text] ?? "TOKEN") (\"\(text)\")"
            }
        return GraphQLSyntaxError(
            message: "syntax error, unexpected \(what) at \(place)", location: current.location)
    }

    private static let punctuatorNames = [
        "{": "LCURLY", "}": "RCURLY", "(": "LPAREN", ")": "RPAREN", "[": "LBRACKET", "]": "RBRACKET", ":": "COLON",
        "=": "EQUALS", "!": "BANG", "$": "VAR_SIGN", "...": "ELLIPSIS", "@": "DIR_SIGN", "|": "PIPE", "&": "AMP",
    ]
}
