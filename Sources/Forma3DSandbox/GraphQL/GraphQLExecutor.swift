/// What a resolver gives: data, or an object whose fields are asked for one by one.
indirect enum GraphQLResolved: Sendable {
    case null
    case scalar(JSONNode)
    case object(GraphQLObject)
    case list([GraphQLResolved])

    static func text(_ value: String?) -> GraphQLResolved { .scalar(.text(value)) }
    static func string(_ value: String) -> GraphQLResolved { .scalar(.string(value)) }
    static func bool(_ value: Bool) -> GraphQLResolved { .scalar(.bool(value)) }
    static func integer(_ value: some BinaryInteger) -> GraphQLResolved { .scalar(.integer(value)) }

    static func optional(_ object: GraphQLObject?) -> GraphQLResolved { object.map { .object($0) } ?? .null }
    static func objects(_ objects: [GraphQLObject]) -> GraphQLResolved { .list(objects.map { .object($0) }) }
}

/// An object of one schema type; only what a request selects is computed.
struct GraphQLObject: Sendable {
    let type: String
    let resolve: @Sendable (_ field: String, _ arguments: GraphQLArguments) -> GraphQLResolved

    init(_ type: String, _ resolve: @escaping @Sendable (String, GraphQLArguments) -> GraphQLResolved) {
        self.type = type
        self.resolve = resolve
    }

    /// An object whose members are already known.
    init(_ type: String, members: [String: GraphQLResolved]) {
        self.init(type) { field, _ in members[field] ?? .null }
    }
}

/// The arguments of one field, defaults filled in.
struct GraphQLArguments: Sendable {
    var values: [String: JSONNode] = [:]

    /// Nil also for an explicit null.
    subscript(name: String) -> JSONNode? {
        guard let value = values[name], !value.isNull else { return nil }
        return value
    }
}

/// A field that failed while running; its value is null and the error says where.
struct GraphQLFieldError: Error {
    let message: String
    let extensions: JSONNode
}

/// Runs one validated operation: selected fields only, aliases, fragments, `@include` and `@skip`.
struct GraphQLExecutor {
    private let schema: GraphQLSchema
    private let document: GraphQLDocument
    private let operation: GraphQLOperation
    private let variables: GraphQLVariables

    init(
        schema: GraphQLSchema, document: GraphQLDocument, operation: GraphQLOperation, variables: GraphQLVariables
    ) {
        self.schema = schema
        self.document = document
        self.operation = operation
        self.variables = variables
    }

    struct Answer {
        var data: JSONNode
        var errors: [JSONNode] = []
        var cost = 0
    }

    /// Runs the root fields in their order.
    func run(
        _ resolve: (String, GraphQLArguments) throws(GraphQLFieldError) -> GraphQLResolved
    ) -> Answer {
        var answer = Answer(data: .object([]))
        for (key, fields) in collect(operation.selections, type: operation.rootType) {
            guard let field = fields.first else { continue }
            guard let definition = schema.field(field.name, of: operation.rootType) else {
                answer.data[key] = .string(operation.rootType)
                continue
            }
            do {
                let value = try resolve(field.name, arguments(of: field, definition))
                let selections = fields.flatMap(\.selections)
                let (node, cost) = complete(value, definition.type, selections)
                answer.data[key] = node
                answer.cost += operation.kind == .mutation ? max(10, cost + 9) : cost
            } catch {
                answer.data[key] = .null
                answer.cost += operation.kind == .mutation ? 10 : 1
                answer.errors.append([
                    "message": .string(error.message), "locations": [field.location.node],
                    "extensions": error.extensions, "path": [.string(key)],
                ])
            }
        }
        return answer
    }

    /// The cost before running: scalars 0, objects 1, mutations 10, connections by the size asked for.
    func requestedCost() -> Int {
        collect(operation.selections, type: operation.rootType).reduce(0) { total, entry in
            guard let field = entry.fields.first,
                let definition = schema.field(field.name, of: operation.rootType)
            else { return total }
            let cost = requestedCost(of: field, definition, entry.fields.flatMap(\.selections))
            return total + (operation.kind == .mutation ? max(10, cost + 9) : cost)
        }
    }

    // MARK: Fields

    private func collect(
        _ selections: [GraphQLSelection], type: String
    ) -> [(key: String, fields: [GraphQLField])] {
        var order: [String] = []
        var groups: [String: [GraphQLField]] = [:]
        gather(selections, type: type, &order, &groups)
        return order.map { ($0, groups[$0] ?? []) }
    }

    private func gather(
        _ selections: [GraphQLSelection], type: String, _ order: inout [String],
        _ groups: inout [String: [GraphQLField]]
    ) {
        for selection in selections {
            switch selection {
            case .field(let field) where isWanted(field.directives):
                if groups[field.responseKey] == nil { order.append(field.responseKey) }
                groups[field.responseKey, default: []].append(field)
            case .spread(let name, let directives, _) where isWanted(directives):
                guard let fragment = document.fragments[name], applies(fragment.type, to: type) else { continue }
                gather(fragment.selections, type: type, &order, &groups)
            case .inline(let condition, let directives, let inner, _) where isWanted(directives):
                guard applies(condition ?? type, to: type) else { continue }
                gather(inner, type: type, &order, &groups)
            default: continue
            }
        }
    }

    private func applies(_ condition: String, to type: String) -> Bool {
        if condition == type { return true }
        guard case .interface = schema.types[condition] else { return false }
        return true
    }

    private func isWanted(_ directives: [GraphQLDirective]) -> Bool {
        directives.allSatisfy { directive in
            guard let condition = directive.arguments.first(where: { $0.name == "if" }) else { return true }
            let isTrue = condition.value.node(with: variables).bool ?? false
            return directive.name == "skip" ? !isTrue : isTrue || directive.name != "include"
        }
    }

    private func arguments(of field: GraphQLField, _ definition: GraphQLSchema.Field) -> GraphQLArguments {
        var arguments = GraphQLArguments()
        for input in definition.arguments {
            if let given = field.arguments.first(where: { $0.name == input.name }) {
                if case .variable(let name, _) = given.value, variables.values[name] == nil {
                    arguments.values[input.name] = input.defaultValue?.node(with: variables)
                } else {
                    arguments.values[input.name] = given.value.node(with: variables)
                }
            } else {
                arguments.values[input.name] = input.defaultValue?.node(with: variables)
            }
        }
        return arguments
    }

    // MARK: Values

    private func complete(
        _ value: GraphQLResolved, _ type: GraphQLTypeReference, _ selections: [GraphQLSelection]
    ) -> (JSONNode, cost: Int) {
        switch value {
        case .null: return (.null, 0)
        case .scalar(let node): return (node, 0)
        case .list(let values):
            let elements = values.map { complete($0, type, selections) }
            return (.array(elements.map(\.0)), elements.map(\.cost).max() ?? 0)
        case .object(let object): return complete(object, selections)
        }
    }

    private func complete(_ object: GraphQLObject, _ selections: [GraphQLSelection]) -> (JSONNode, cost: Int) {
        var members: [JSONNode.Member] = []
        var cost = object.type == "PageInfo" ? 0 : 1
        for (key, fields) in collect(selections, type: object.type) {
            guard let field = fields.first else { continue }
            guard let definition = schema.field(field.name, of: object.type) else {
                members.append(.init(name: key, value: .string(object.type)))
                continue
            }
            let value = object.resolve(field.name, arguments(of: field, definition))
            let inner = fields.flatMap(\.selections)
            let (node, fieldCost) = complete(value, definition.type, inner)
            members.append(.init(name: key, value: node))
            guard case .list(let values) = value else {
                cost += fieldCost
                continue
            }
            // Plain lists cost nothing of their own: recorded, `trackingInfo` and `userErrors` are free.
            if GraphQLCost.isConnectionList(field.name, of: object.type) {
                cost = max(cost, GraphQLCost.connection(count: values.count, nodeCost: fieldCost))
            }
        }
        return (.object(members), cost)
    }

    private func requestedCost(
        of field: GraphQLField, _ definition: GraphQLSchema.Field, _ selections: [GraphQLSelection]
    ) -> Int {
        let type = definition.type.name
        guard schema.isComposite(type), !definition.type.isList else { return 0 }
        let children = collect(selections, type: type)
        let costs = children.map { child -> (name: String, cost: Int) in
            guard let first = child.fields.first, let inner = schema.field(first.name, of: type) else { return ("", 0) }
            let nested = child.fields.flatMap(\.selections)
            if GraphQLCost.isConnectionList(first.name, of: type) {
                let node = GraphQLSchema.Field(name: first.name, arguments: [], type: .named(inner.type.name))
                return (first.name, requestedCost(of: first, node, nested))
            }
            return (first.name, requestedCost(of: first, inner, nested))
        }
        guard type.hasSuffix("Connection") else {
            return (type == "PageInfo" ? 0 : 1) + costs.reduce(0) { $0 + $1.cost }
        }
        let arguments = arguments(of: field, definition)
        let size = arguments["first"]?.integer ?? arguments["last"]?.integer ?? 1
        let nodeCost = costs.filter { GraphQLCost.isConnectionList($0.name, of: type) }.map(\.cost).max() ?? 0
        return GraphQLCost.connection(count: Int(clamping: size), nodeCost: nodeCost)
    }
}
