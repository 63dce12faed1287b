import Sendcloud
import Testing

private struct Row: Sendable {
    let country: String
    let address1: String
    let address2: String?
    /// `street|number|addition`, or `-` for none.
    let expected: String

    init(_ country: String, _ address1: String, _ expected: String, second: String? = nil) {
        self.country = country
        self.address1 = address1
        self.address2 = second
        self.expected = expected
    }

    var found: String {
        StreetAddress.split(address1: address1, address2: address2, country: country)
            .map { "\($0.street)|\($0.houseNumber)|\($0.addition ?? "")" } ?? "-"
    }
}

@Suite struct StreetAddressTests {
    @Test func belgium() {
        check([
            Row("BE", "Voorbeeldstraat 12", "Voorbeeldstraat|12|"),
            Row("BE", "Voorbeeldstraat 12 bus 3", "Voorbeeldstraat|12|bus 3"),
            Row("BE", "Voorbeeldstraat 12 bus3", "Voorbeeldstraat|12|bus3"),
            Row("BE", "Voorbeeldstraat 12, bus 3", "Voorbeeldstraat|12|bus 3"),
            Row("BE", "Voorbeeldstraat 12A bus 0301", "Voorbeeldstraat|12A|bus 0301"),
            Row("BE", "Voorbeeldstraat 12", "Voorbeeldstraat|12|bus 3", second: "bus 3"),
            Row("be", "Rue Haute 5 bte 12", "Rue Haute|5|bte 12"),
            Row("BE", "Rue Haute 5 Boîte 12", "Rue Haute|5|Boîte 12"),
            Row("BE", "Rue Haute, 5", "Rue Haute|5|"),
            Row("BE", "5, rue Haute", "rue Haute|5|"),
            Row("BE", "5 rue Haute bte 2", "rue Haute|5|bte 2"),
            Row("BE", "Chaussée de Gand 100/3", "Chaussée de Gand|100/3|"),
            Row("BE", "  Sint-Pietersnieuwstraat   41  ", "Sint-Pietersnieuwstraat|41|"),
            Row("BE", "Korte Meer nr. 7", "Korte Meer|7|"),
            Row("BE", "Voorbeeldstraat", "-"),
            Row("BE", "Voorbeeldstraat", "Voorbeeldstraat|12|bus 3", second: "12 bus 3"),
            Row("BE", "Voorbeeldstraat", "-", second: "bus 3"),
            Row("BE", "Voorbeeldstraat 12 14", "-"),
            Row("BE", "Postbus 12", "-"),
            Row("BE", "1e Legerstraat", "-"),
        ])
    }

    @Test func netherlands() {
        check([
            Row("NL", "Dorpsstraat 12-A", "Dorpsstraat|12-A|"),
            Row("NL", "Dorpsstraat 12A", "Dorpsstraat|12A|"),
            Row("NL", "Dorpsstraat 12 A", "Dorpsstraat|12 A|"),
            Row("NL", "Dorpsstraat 12 - 14", "Dorpsstraat|12-14|"),
            Row("NL", "Plein 1944 12", "Plein 1944|12|"),
            Row("NL", "Plein 1944", "-"),
            Row("NL", "Plein 1940-1945 12", "Plein 1940-1945|12|"),
            Row("NL", "2e Kerkstraat 45", "2e Kerkstraat|45|"),
            Row("NL", "2e Kerkstraat", "-"),
            Row("NL", "Laan van 's-Gravenmade 3 appartement 12", "Laan van 's-Gravenmade|3|appartement 12"),
            Row("NL", "Dorpsstraat 12 b 3", "-"),
            Row("NL", "12", "-"),
            Row("NL", "", "-"),
            Row("NL", "Dorpsstraat 123456", "-"),
            Row("NL", "Dorpsstraat 1234-abcd-x", "-"),
        ])
    }

    @Test func germanyAndAustria() {
        check([
            Row("DE", "Hauptstr. 5", "Hauptstr.|5|"),
            Row("DE", "Hauptstraße 5 a", "Hauptstraße|5 a|"),
            Row("DE", "Straße des 17. Juni 135", "Straße des 17. Juni|135|"),
            Row("DE", "Straße des 17. Juni", "-"),
            Row("DE", "Q7, 24", "Q7|24|"),
            Row("DE", "Hauptstr. 5 Hinterhaus", "Hauptstr.|5|Hinterhaus"),
            Row("DE", "Packstation 145", "-"),
            Row("DE", "Postfach 10", "-"),
            Row("AT", "Mariahilfer Straße 12/3/5", "Mariahilfer Straße|12/3/5|"),
            Row("AT", "Mariahilfer Straße 12 Stiege 3 Tür 5", "Mariahilfer Straße|12|Stiege 3 Tür 5"),
        ])
    }

    @Test func franceAndOthersWithTheNumberFirst() {
        check([
            Row("FR", "12 rue de la Paix", "rue de la Paix|12|"),
            Row("FR", "12, rue de la Paix", "rue de la Paix|12|"),
            Row("FR", "12 bis rue de la Paix", "rue de la Paix|12 bis|"),
            Row("FR", "12bis rue de la Paix", "rue de la Paix|12bis|"),
            Row("FR", "12 B rue de la Paix", "rue de la Paix|12 B|"),
            Row("FR", "12 rue du 8 Mai 1945", "rue du 8 Mai 1945|12|"),
            Row("FR", "12 rue de la Paix Bât C", "rue de la Paix|12|Bât C"),
            Row("FR", "Rue de la Paix 12", "Rue de la Paix|12|"),
            Row("FR", "rue du 8 Mai 1945", "-"),
            Row("FR", "12 rue de la Paix 4", "-"),
            Row("FR", "1er rue", "-"),
            Row("FR", "BP 12", "-"),
            Row("GB", "10 Downing Street", "Downing Street|10|"),
            Row("GB", "10 Downing Street Flat 2", "Downing Street|10|Flat 2"),
            Row("US", "PO Box 12", "-"),
            Row("LU", "12, rue Haute", "rue Haute|12|"),
        ])
    }

    @Test func spainItalyPortugal() {
        check([
            Row("ES", "Calle Mayor 12", "Calle Mayor|12|"),
            Row("ES", "Calle Mayor, 12", "Calle Mayor|12|"),
            Row("ES", "Calle Mayor nº 12", "Calle Mayor|12|"),
            Row("ES", "Calle Mayor 12, 3º B", "Calle Mayor|12|3º B"),
            Row("ES", "Calle Mayor 12 piso 3", "Calle Mayor|12|piso 3"),
            Row("ES", "Calle Mayor s/n", "-"),
            Row("IT", "Via Roma 12/B", "Via Roma|12/B|"),
            Row("PT", "Avenida 25 de Abril 10", "Avenida 25 de Abril|10|"),
        ])
    }

    @Test func oddTextNeverTrapsAndLosesNoNumber() {
        let pieces = ["12", "a", "bus", ",", "-", "/", "Straat", "3º", "0⃣", "é", "１２", "🙂", "  ", "bis", "1944"]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let words = (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
                pieces.randomElement(using: &generator)
            }
            let text = words.joined(separator: " ")
            for country in ["BE", "FR", "NL", ""] {
                guard let parts = StreetAddress.split(address1: text, address2: nil, country: country) else { continue }
                #expect(!parts.street.isEmpty, "\(text)")
                #expect((1...8).contains(parts.houseNumber.count), "\(text)")
                #expect(parts.street.contains { $0.isLetter }, "\(text)")
            }
        }
    }

    private func check(_ rows: [Row], sourceLocation: SourceLocation = #_sourceLocation) {
        for row in rows {
            #expect(row.found == row.expected, "\(row.country) \(row.address1)", sourceLocation: sourceLocation)
        }
    }
}
