/// Checks a document against the schema before anything runs, in the words of Shopify's server (graphql-ruby; texts
/// recorded from a live shop, contracts/shopify.md §2.1).
struct GraphQLValidator {
    private let schema: GraphQLSchema
    private let document: GraphQLDocument
    private let operation: GraphQLOperation
    private var errors: [JSONNode] = []
    private var usedVariables: [String: SourceLocation] = [:]
    private var visitedFragments: Set<String> = []

    /// Every complaint; empty when the operation may run.
    static func errors(
        in operation: GraphQLOperation, of document: GraphQLDocument, against schema: GraphQLSchema
    ) -> [JSONNode] {
        var validator = GraphQLValidator(schema: schema, document: document, operation: operation)
        validator.check(operation.selections, type: operation.rootType, path: [operation.pathRoot])
        validator.checkVariables()
        return validator.errors
    }

    private init(schema: GraphQLSchema, document: GraphQLDocument, operation: GraphQLOperation) {
        self.schema = schema
        self.document = document
        self.operation = operation
    }

    private mutating func check(_ selections: [GraphQLSelection], type: String, path: [String]) {
        for selection in selections {
            switch selection {
            case .field(let field): check(field, type: type, path: path + [field.responseKey])
            case .spread(let name, let directives, let location):
                check(directives, path: path)
                checkSpread(of: name, at: location, path: path)
            case .inline(let condition, let directives, let selections, let location):
                check(directives, path: path)
                let inner = condition ?? type
                if schema.isComposite(inner) {
                    check(selections, type: inner, path: path)
                } else {
                    report(
                        "No such type \(inner), so it can't be a fragment condition", location, path,
                        ["code": "undefinedType", "typeName": .string(inner)])
                }
            }
        }
    }

    private mutating func checkSpread(of name: String, at location: SourceLocation, path: [String]) {
        guard let fragment = document.fragments[name] else {
            return report(
                "Fragment \(name) was used, but not defined", location, path,
                ["code": "useAndDefineFragment", "fragmentName": .string(name)])
        }
        guard visitedFragments.insert(name).inserted else { return }
        guard schema.isComposite(fragment.type) else {
            return report(
                "No such type \(fragment.type), so it can't be a fragment condition", fragment.location,
                ["fragment \(name)"], ["code": "undefinedType", "typeName": .string(fragment.type)])
        }
        check(fragment.selections, type: fragment.type, path: ["fragment \(name)"])
    }

    private mutating func check(_ field: GraphQLField, type: String, path: [String]) {
        check(field.directives, path: path)
        if field.name == "__typename" { return }
        guard let definition = schema.field(field.name, of: type) else {
            return report(
                "Field '\(field.name)' doesn't exist on type '\(type)'", field.location, path,
                ["code": "undefinedField", "typeName": .string(type), "fieldName": .string(field.name)])
        }
        check(field.arguments, of: definition, field: field, path: path)
        let inner = definition.type.name
        if schema.isComposite(inner) {
            guard !field.selections.isEmpty else {
                return report(
                    "Field must have selections (field '\(field.name)' returns \(inner) but has no selections. "
                        + "Did you mean '\(field.name) { ... }'?)", field.location, path,
                    [
                        "code": "selectionMismatch", "nodeName": .string("field '\(field.name)'"),
                        "typeName": .string(inner),
                    ])
            }
            check(field.selections, type: inner, path: path)
        } else if !field.selections.isEmpty {
            report(
                "Selections can't be made on scalars (field '\(field.name)' returns \(inner) but has selections "
                    + "[\(field.selections.fieldNames)])", field.location, path,
                [
                    "code": "selectionMismatch", "nodeName": .string("field '\(field.name)'"),
                    "typeName": .string(inner),
                ])
        }
    }

    private mutating func check(
        _ arguments: [GraphQLArgument], of definition: GraphQLSchema.Field, field: GraphQLField, path: [String]
    ) {
        for argument in arguments {
            guard let input = definition.arguments.first(where: { $0.name == argument.name }) else {
                report(
                    "Field '\(field.name)' doesn't accept argument '\(argument.name)'", argument.location,
                    path + [argument.name],
                    [
                        "code": "argumentNotAccepted", "name": .string(field.name), "typeName": "Field",
                        "argumentName": .string(argument.name),
                    ])
                continue
            }
            check(argument, input, owner: ("Field", field.name), location: field.location, path: path)
        }
        let missing = definition.arguments.filter { input in
            input.isRequired && !arguments.contains { $0.name == input.name }
        }.map(\.name)
        if !missing.isEmpty {
            report(
                "Field '\(field.name)' is missing required arguments: \(missing.joined(separator: ", "))",
                field.location, path,
                [
                    "code": "missingRequiredArguments", "className": "Field", "name": .string(field.name),
                    "arguments": .string(missing.joined(separator: ", ")),
                ])
        }
    }

    private mutating func check(
        _ argument: GraphQLArgument, _ input: GraphQLSchema.Input, owner: (kind: String, name: String),
        location: SourceLocation, path: [String]
    ) {
        if case .variable(let name, let place) = argument.value {
            usedVariables[name] = place
            checkUse(of: name, for: input, at: location, path: path)
            return
        }
        noteVariables(in: argument.value)
        guard !accepts(argument.value, input.type) else {
            return checkMembers(of: argument.value, input.type, location: argument.location, path: path + [input.name])
        }
        report(
            "Argument '\(input.name)' on \(owner.kind) '\(owner.name)' has an invalid value "
                + "(\(argument.value.sourceText)). Expected type '\(input.type)'.", location, path + [input.name],
            [
                "code": "argumentLiteralsIncompatible", "typeName": .string(owner.kind),
                "argumentName": .string(input.name),
            ])
    }

    private mutating func checkUse(
        of name: String, for input: GraphQLSchema.Input, at location: SourceLocation, path: [String]
    ) {
        guard let variable = operation.variables.first(where: { $0.name == name }) else { return }
        let isNameEqual = variable.type.name == input.type.name
        let isNullable = input.isRequired && !variable.type.isNonNull && variable.defaultValue == nil
        guard !isNameEqual || isNullable || (variable.type.isList && !input.type.isList) else { return }
        let what = isNameEqual && isNullable ? "Nullability" : "Type"
        let message =
            "\(what) mismatch on variable $\(name) and argument \(input.name) (\(variable.type) / \(input.type))"
        report(
            message, location, path + [input.name],
            [
                "code": "variableMismatch", "variableName": .string(name), "typeName": .string("\(variable.type)"),
                "argumentName": .string(input.name), "errorMessage": .string("\(what) mismatch"),
            ])
    }

    /// Whether the shape fits, members of input objects aside.
    private func accepts(_ literal: GraphQLLiteral, _ type: GraphQLTypeReference) -> Bool {
        switch (type, literal) {
        case (_, .variable): true
        case (.nonNull, .null): false
        case (.nonNull(let inner), _): accepts(literal, inner)
        case (_, .null): true
        case (.list(let inner), .list(let values)): values.allSatisfy { accepts($0, inner) }
        case (.list(let inner), _): accepts(literal, inner)
        case (.named(let name), _): accepts(literal, named: name)
        }
    }

    private func accepts(_ literal: GraphQLLiteral, named name: String) -> Bool {
        switch (schema.types[name], literal) {
        case (.input, .object): true
        case (.enumeration(let values), .enumeration(let value)): values.contains(value)
        case (.scalar, .number(let text)):
            name == "Int" ? Int64(wireDigits: text) != nil : ["ID", "Float", "Decimal"].contains(name)
        case (.scalar, .string): !["Int", "Float", "Boolean"].contains(name)
        case (.scalar, .bool): name == "Boolean"
        default: false
        }
    }

    private mutating func checkMembers(
        of literal: GraphQLLiteral, _ type: GraphQLTypeReference, location: SourceLocation, path: [String]
    ) {
        if case .list(let values) = literal {
            for value in values { checkMembers(of: value, type, location: location, path: path) }
            return
        }
        guard case .object(let members) = literal, case .input(let inputs) = schema.types[type.name] else { return }
        for member in members {
            guard let input = inputs.first(where: { $0.name == member.name }) else {
                report(
                    "InputObject '\(type.name)' doesn't accept argument '\(member.name)'", member.location,
                    path + [member.name],
                    [
                        "code": "argumentNotAccepted", "name": .string(type.name), "typeName": "InputObject",
                        "argumentName": .string(member.name),
                    ])
                continue
            }
            check(member, input, owner: ("InputObject", type.name), location: member.location, path: path)
        }
        for input in inputs where input.isRequired && !members.contains(where: { $0.name == input.name }) {
            report(
                "Argument '\(input.name)' on InputObject '\(type.name)' is required. Expected type \(input.type)",
                location, path + [input.name],
                [
                    "code": "missingRequiredInputObjectAttribute", "argumentName": .string(input.name),
                    "argumentType": .string("\(input.type)"), "inputObjectType": .string(type.name),
                ])
        }
    }

    private mutating func noteVariables(in literal: GraphQLLiteral) {
        switch literal {
        case .variable(let name, let location): usedVariables[name] = location
        case .list(let values): for value in values { noteVariables(in: value) }
        case .object(let members): for member in members { noteVariables(in: member.value) }
        default: break
        }
    }

    /// `@idempotent` is known since 2026-01 and does nothing on the mutations this shop has (contracts §2.4).
    private mutating func check(_ directives: [GraphQLDirective], path: [String]) {
        for directive in directives {
            if !["include", "skip", "idempotent"].contains(directive.name) {
                report(
                    "Directive @\(directive.name) is not defined", directive.location, path,
                    ["code": "undefinedDirective", "directiveName": .string(directive.name)])
            }
            for argument in directive.arguments { noteVariables(in: argument.value) }
        }
    }

    private mutating func checkVariables() {
        let owner = operation.name ?? "anonymous \(operation.kind.rawValue)"
        for variable in operation.variables where usedVariables[variable.name] == nil {
            report(
                "Variable $\(variable.name) is declared by \(owner) but not used", operation.location,
                [operation.pathRoot], ["code": "variableNotUsed", "variableName": .string(variable.name)])
        }
        for (name, location) in usedVariables.sorted(by: { $0.key < $1.key })
        where !operation.variables.contains(where: { $0.name == name }) {
            report(
                "Variable $\(name) is used by \(owner) but not declared", location, [operation.pathRoot],
                ["code": "variableNotDefined", "variableName": .string(name)])
        }
    }

    private mutating func report(
        _ message: String, _ location: SourceLocation, _ path: [String], _ extensions: JSONNode
    ) {
        errors.append([
            "message": .string(message), "locations": [location.node], "path": .strings(path),
            "extensions": extensions,
        ])
    }
}

extension [GraphQLSelection] {
    fileprivate var fieldNames: String {
        compactMap { selection in
            guard case .field(let field) = selection else { return nil }
            return "\"\(field.name)\""
        }.joined(separator: ", ")
    }
}
