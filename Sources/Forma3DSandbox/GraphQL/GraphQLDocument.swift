/// A parsed request: operations and fragments.
struct GraphQLDocument: Hashable, Sendable {
    var operations: [GraphQLOperation] = []
    var fragments: [String: GraphQLFragment] = [:]
}

/// One operation.
struct GraphQLOperation: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case query
        case mutation
        case subscription
    }

    let kind: Kind
    let name: String?
    let variables: [GraphQLVariable]
    let selections: [GraphQLSelection]
    let location: SourceLocation

    /// How error paths begin, `query Orders`.
    var pathRoot: String { name.map { "\(kind.rawValue) \($0)" } ?? kind.rawValue }

    var rootType: String { kind == .mutation ? "Mutation" : "QueryRoot" }
}

/// A variable as the operation declares it.
struct GraphQLVariable: Hashable, Sendable {
    let name: String
    let type: GraphQLTypeReference
    let defaultValue: GraphQLLiteral?
    let location: SourceLocation
}

/// A named fragment.
struct GraphQLFragment: Hashable, Sendable {
    let name: String
    let type: String
    let selections: [GraphQLSelection]
    let location: SourceLocation
}

/// A type with its wrappers, written `[ID!]!`.
indirect enum GraphQLTypeReference: Hashable, Sendable, CustomStringConvertible {
    case named(String)
    case list(GraphQLTypeReference)
    case nonNull(GraphQLTypeReference)

    var description: String {
        switch self {
        case .named(let name): name
        case .list(let inner): "[\(inner)]"
        case .nonNull(let inner): "\(inner)!"
        }
    }

    /// The name inside all wrappers.
    var name: String {
        switch self {
        case .named(let name): name
        case .list(let inner), .nonNull(let inner): inner.name
        }
    }

    var isNonNull: Bool {
        guard case .nonNull = self else { return false }
        return true
    }

    var isList: Bool {
        switch self {
        case .named: false
        case .list: true
        case .nonNull(let inner): inner.isList
        }
    }
}

/// A value as written in a document.
indirect enum GraphQLLiteral: Hashable, Sendable {
    case variable(String, SourceLocation)
    case number(String)
    case string(String)
    case bool(Bool)
    case null
    case enumeration(String)
    case list([GraphQLLiteral])
    case object([GraphQLArgument])

    /// As error texts print it.
    var sourceText: String {
        switch self {
        case .variable(let name, _): "$\(name)"
        case .number(let text), .enumeration(let text): text
        case .string(let text): "\"\(text)\""
        case .bool(let value): "\(value)"
        case .null: "null"
        case .list(let values): "[\(values.map(\.sourceText).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\($0.name): \($0.value.sourceText)" }.joined(separator: ", "))}"
        }
    }
}

/// A named value: an argument or a member of an input object.
struct GraphQLArgument: Hashable, Sendable {
    let name: String
    let value: GraphQLLiteral
    let location: SourceLocation
}

/// `@include(if: $wanted)`.
struct GraphQLDirective: Hashable, Sendable {
    let name: String
    let arguments: [GraphQLArgument]
    let location: SourceLocation
}

/// One field of a selection.
struct GraphQLField: Hashable, Sendable {
    let alias: String?
    let name: String
    let arguments: [GraphQLArgument]
    let directives: [GraphQLDirective]
    let selections: [GraphQLSelection]
    let location: SourceLocation

    var responseKey: String { alias ?? name }
}

/// A field, a fragment by name or a fragment in place.
indirect enum GraphQLSelection: Hashable, Sendable {
    case field(GraphQLField)
    case spread(name: String, directives: [GraphQLDirective], location: SourceLocation)
    case inline(
        type: String?, directives: [GraphQLDirective], selections: [GraphQLSelection], location: SourceLocation)
}
