/// A JSON Schema of the small kind our API needs (OpenAPI 3.1).
package indirect enum Schema: Hashable, Sendable {
    case string
    /// A string of a known shape: `uuid`, `date-time`, `decimal`.
    case format(String)
    case integer
    case number
    case boolean
    case oneOf([String])
    case array(Schema)
    /// Named, so that it appears once under `components`.
    case object(name: String, [Property])
    /// The value or null.
    case nullable(Schema)
    /// Any JSON.
    case any
    /// Not JSON: bytes of a media type.
    case binary(mediaType: String)

    package struct Property: Hashable, Sendable {
        package let name: String
        package let schema: Schema
        package let isRequired: Bool
        package let text: String?

        package init(_ name: String, _ schema: Schema, required: Bool = true, _ text: String? = nil) {
            self.name = name
            self.schema = schema
            self.isRequired = required
            self.text = text
        }
    }
}
