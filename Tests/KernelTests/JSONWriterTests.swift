import FoundationEssentials
import Kernel
import Testing

/// What is written by hand is what Foundation's encoder writes, byte for byte.
@Suite struct JSONWriterTests {
    private let encoder: JSONEncoder

    init() {
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    @Test func anyValueIsWrittenAsTheEncoderWritesIt() throws {
        var random = Numbers(state: 5)
        for round in 0..<1_500 {
            let value = Self.value(depth: 4, &random)
            let bytes = try JSON.encode(value)
            #expect(bytes == Array(try encoder.encode(value)), "seed 5, round \(round)")
            #expect(try JSON.decode(JSONValue.self, from: bytes) == Self.read(value), "seed 5, round \(round)")
        }
    }

    /// Escapes take up to six bytes for one, and a long text is written in rounds.
    @Test(arguments: [0, 7, 8, 9, 32_767, 32_768, 70_001])
    func aTextOfAnyLengthIsEscaped(_ count: Int) throws {
        for letter in ["a", "\"", "\\", "\u{1}", "\n", "é", "a\"", "0123456\u{1F}"] {
            let text = String(repeating: letter, count: count)
            #expect(try JSON.encode(JSONValue.string(text)) == Array(encoder.encode(text)), "\(letter) × \(count)")
        }
    }

    @Test func everyByteOfATextIsEscapedWhereverItStands() throws {
        for scalar in UInt8(0)..<128 {
            for place in 0..<9 {
                let text =
                    String(repeating: "x", count: place) + String(Unicode.Scalar(scalar))
                    + String(repeating: "y", count: 8 - place)
                #expect(try JSON.encode(JSONValue.string(text)) == Array(encoder.encode(text)), "\(scalar) at \(place)")
            }
        }
    }

    @Test func aNumberThatIsNoneIsRefused() {
        #expect(throws: EncodingError.self) { try JSON.encode(JSONValue.decimal(.nan)) }
        #expect(throws: EncodingError.self) { try JSON.encode(["a": [1, .decimal(.nan)]] as JSONValue) }
    }

    @Test func decimalsAreExactAndEndWithoutZeros() throws {
        var random = Numbers(state: 9)
        for _ in 0..<3_000 {
            let value = Int.random(in: -9_999_999...9_999_999, using: &random)
            let places = Int.random(in: 0...5, using: &random)
            var writer = JSONWriter()
            writer.decimal(value, places: places)
            var decimal = Decimal(value)
            for _ in 0..<places { decimal /= 10 }
            #expect(String(decoding: writer.bytes, as: UTF8.self) == decimal.description)
        }
        var writer = JSONWriter()
        writer.array { json in
            for value in [0, .min, .max] { json.integer(value) }
        }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "[0,\(Int.min),\(Int.max)]")
    }

    /// A whole decimal is read as an integer.
    private static func read(_ value: JSONValue) -> JSONValue {
        switch value {
        case .decimal(let number): Int64(number.description).map(JSONValue.integer) ?? value
        case .array(let elements): .array(elements.map(read))
        case .object(let members): .object(members.mapValues(read))
        default: value
        }
    }

    private static func value(depth: Int, _ random: inout Numbers) -> JSONValue {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        switch number(0...(depth > 0 ? 7 : 5)) {
        case 0: return .null
        case 1: return .bool(number(0...1) == 0)
        case 2: return .integer(number(0...1) == 0 ? Int64(number(-20...20)) : Int64(number(.min ... .max)))
        case 3: return .decimal(Decimal(number(-1_000_000...1_000_000)) / [1, 10, 10_000, 8][number(0...3)])
        case 4:
            let digits = Decimal(number(-99_999...99_999))
            return .decimal(Decimal(sign: .plus, exponent: number(-30...30), significand: digits))
        case 5: return .string(text(&random))
        case 6: return .array((0..<number(0...5)).map { _ in value(depth: depth - 1, &random) })
        default:
            let members = (0..<number(0...6)).map { _ in (text(&random), value(depth: depth - 1, &random)) }
            return .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// Letters that are escaped, that have two to four bytes, and that combine.
    private static func text(_ random: inout Numbers) -> String {
        let letters = ["\"", "\\", "/", "é", "e\u{301}", "\u{2028}", "\u{1F600}", "\u{FFFF}", "\r\n"]
        return (0..<Int.random(in: 0...12, using: &random)).map { _ in
            Bool.random(using: &random)
                ? letters[Int.random(in: 0..<letters.count, using: &random)]
                : String(Unicode.Scalar(UInt8.random(in: 0..<128, using: &random)))
        }.joined()
    }
}

/// SplitMix64: the same numbers on every run.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
