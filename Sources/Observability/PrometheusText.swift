/// The text exposition format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A metric name: `[a-zA-Z_:][a-zA-Z0-9_:]*`; anything else becomes `_`.
    package static func name(_ label: String) -> String {
        identifier(label, allowsColon: true)
    }

    /// A label name: `[a-zA-Z_][a-zA-Z0-9_]*`.
    package static func labelName(_ label: String) -> String {
        identifier(label, allowsColon: false)
    }

    /// A label value with `\`, `"` and line feed escaped.
    package static func labelValue(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Help text with `\` and line feed escaped.
    package static func help(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    /// A sample value: whole numbers without a fraction, `+Inf`, `-Inf` and `NaN` by name.
    package static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    /// `name{a="1",b="2"}`, or the bare name.
    package static func series(_ name: String, _ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return name }
        let pairs = labels.map { "\($0.0)=\"\(labelValue($0.1))\"" }
        return "\(name){\(pairs.joined(separator: ","))}"
    }

    private static func identifier(_ label: String, allowsColon: Bool) -> String {
        var name = ""
        for scalar in label.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": name.unicodeScalars.append(scalar)
            case "0"..."9":
                if name.isEmpty { name += "_" }
                name.unicodeScalars.append(scalar)
            case ":" where allowsColon: name.unicodeScalars.append(scalar)
            default: name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }
}
