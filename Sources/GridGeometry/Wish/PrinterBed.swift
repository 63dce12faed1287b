/// The area a printer can print on.
package struct PrinterBed: Hashable, Sendable {
    /// What a request says in `printer`.
    package let key: String
    package let name: String
    package let widthMillimetres: Int
    package let depthMillimetres: Int

    package init(_ key: String, _ name: String, _ widthMillimetres: Int, _ depthMillimetres: Int) {
        self.key = key
        self.name = name
        self.widthMillimetres = widthMillimetres
        self.depthMillimetres = depthMillimetres
    }

    package var size: Size {
        Size(
            width: Length(millimetres: Double(widthMillimetres)), depth: Length(millimetres: Double(depthMillimetres)))
    }

    /// The printers and sizes of upstream's editor (yawkat/GridFlock, editor.toml, facts only), in its order.
    package static let presets: [PrinterBed] = [
        PrinterBed("prusa-core-one", "Prusa Core One/+/MK4/S", 250, 220),
        PrinterBed("prusa-core-one-l", "Prusa Core One L", 300, 330),
        PrinterBed("prusa-core-one-xl", "Prusa Core One XL", 360, 360),
        PrinterBed("prusa-mk3s", "Prusa MK3S", 250, 210),
        PrinterBed("prusa-mini", "Prusa MINI+", 180, 180),
        PrinterBed("bambu-x1-p1-a1", "Bambu Lab X1/X2D/P1/P2/A1", 256, 256),
        PrinterBed("bambu-h2c-h2d", "Bambu Lab H2C/H2D", 300, 320),
        PrinterBed("bambu-h2s", "Bambu Lab H2S", 340, 340),
        PrinterBed("bambu-a1-mini", "Bambu Lab A1 Mini", 180, 180),
        PrinterBed("bambu-a2l", "Bambu Lab A2L", 330, 320),
        PrinterBed("creality-ender-3", "Creality Ender 3 / Ender 5 / K1 / CR-10 / CR-20", 220, 220),
        PrinterBed("creality-hi", "Creality Hi", 260, 300),
        PrinterBed("creality-k2", "Creality K2", 260, 260),
        PrinterBed("creality-k2-se", "Creality K2 SE", 220, 215),
        PrinterBed("creality-ender-7", "Creality Ender 7", 250, 250),
        PrinterBed("creality-ender-3-plus", "Creality Ender 3 Plus / K1 Max / K2 Pro", 300, 300),
        PrinterBed("creality-ender-5-max", "Creality Ender 5 Max", 400, 400),
        PrinterBed("creality-cr-200b-pro", "Creality CR-200B Pro", 200, 200),
        PrinterBed("elegoo-neptune-4", "Elegoo Neptune 4 / Neptune 4 Pro", 225, 225),
        PrinterBed("elegoo-neptune-4-plus", "Elegoo Neptune 4 Plus", 320, 320),
        PrinterBed("elegoo-neptune-4-max", "Elegoo Neptune 4 Max", 420, 420),
        PrinterBed("elegoo-centauri-carbon", "Elegoo Centauri Carbon", 256, 256),
    ]

    package static func preset(_ key: String) -> PrinterBed? { presets.first { $0.key == key } }
}
