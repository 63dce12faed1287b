/// The types of an API, read from the schema language.
struct GraphQLSchema: Sendable {
    enum Definition: Sendable {
        case object(fields: [String: Field])
        case input(fields: [Input])
        case enumeration(values: [String])
        case scalar
        /// Named in requests by `... on`; answers with the fields its members share.
        case interface(fields: [String: Field])
    }

    struct Field: Sendable {
        let name: String
        let arguments: [Input]
        let type: GraphQLTypeReference
    }

    struct Input: Sendable {
        let name: String
        let type: GraphQLTypeReference
        let defaultValue: GraphQLLiteral?

        var isRequired: Bool { type.isNonNull && defaultValue == nil }
    }

    private(set) var types: [String: Definition] = [
        "ID": .scalar, "String": .scalar, "Int": .scalar, "Float": .scalar, "Boolean": .scalar,
    ]

    /// - Throws: `GraphQLSyntaxError` when the text is no schema.
    init(_ text: String) throws(GraphQLSyntaxError) {
        var parser = try GraphQLParser(text)
        while !parser.isAtEnd {
            let (name, definition) = try parser.definition()
            types[name] = definition
        }
    }

    func field(_ name: String, of type: String) -> Field? {
        switch types[type] {
        case .object(let fields), .interface(let fields): fields[name]
        default: nil
        }
    }

    /// Whether a field of that type needs a selection of its own.
    func isComposite(_ type: String) -> Bool {
        switch types[type] {
        case .object, .interface: true
        default: false
        }
    }
}

extension GraphQLParser {
    fileprivate mutating func definition() throws(GraphQLSyntaxError) -> (String, GraphQLSchema.Definition) {
        if skip(name: "scalar") { return (try name(), .scalar) }
        if skip(name: "enum") {
            let name = try name()
            var values: [String] = []
            try expect("{")
            while !skip("}") { values.append(try self.name()) }
            return (name, .enumeration(values: values))
        }
        if skip(name: "input") {
            let name = try name()
            try expect("{")
            return (name, .input(fields: try inputs(until: "}")))
        }
        let isInterface = skip(name: "interface")
        guard isInterface || skip(name: "type") else { throw unexpected() }
        let name = try name()
        var fields: [String: GraphQLSchema.Field] = [:]
        try expect("{")
        while !skip("}") {
            let field = try fieldDefinition()
            fields[field.name] = field
        }
        return (name, isInterface ? .interface(fields: fields) : .object(fields: fields))
    }

    private mutating func fieldDefinition() throws(GraphQLSyntaxError) -> GraphQLSchema.Field {
        let name = try name()
        let arguments = skip("(") ? try inputs(until: ")") : []
        try expect(":")
        return GraphQLSchema.Field(name: name, arguments: arguments, type: try typeReference())
    }

    private mutating func inputs(until end: String) throws(GraphQLSyntaxError) -> [GraphQLSchema.Input] {
        var inputs: [GraphQLSchema.Input] = []
        while !skip(end) {
            let name = try name()
            try expect(":")
            let type = try typeReference()
            inputs.append(.init(name: name, type: type, defaultValue: skip("=") ? try literal() : nil))
        }
        return inputs
    }
}
