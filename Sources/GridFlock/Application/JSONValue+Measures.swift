import FoundationEssentials
package import Kernel

extension JSONValue {
    /// Exactly, from tenths of a micrometre.
    package static func millimetres(_ tenthMicrometres: Int) -> JSONValue {
        let (whole, rest) = tenthMicrometres.quotientAndRemainder(dividingBy: 10_000)
        // Most lengths are whole, and a division of decimals takes its time.
        return .decimal(rest == 0 ? Decimal(whole) : Decimal(tenthMicrometres) / 10_000)
    }

    /// To the thousandth, from six times the volume in cubes of a tenth of a micrometre.
    package static func cubicMillimetres(sixfold: Int128) -> JSONValue {
        let thousandths = (sixfold + 3_000_000_000) / 6_000_000_000
        return .decimal(Decimal(Int64(clamping: thousandths)) / 1_000)
    }

    /// Rounded to the thousandth.
    package static func thousandths(_ value: Double?) -> JSONValue {
        value.map { .decimal(Decimal(Int64((min(max($0, -1e15), 1e15) * 1_000).rounded())) / 1_000) } ?? .null
    }
}
