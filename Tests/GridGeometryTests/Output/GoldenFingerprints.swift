/// By the name of a `GoldenPlate`: STL, model of the 3MF, GLB, SVG.
enum GoldenFingerprints {
    static let of: [String: [String]] = [
        "plain": ["9f1761d9ff16fc6a", "a1c8b3e5c88bec3a", "196d258cce2326d7", "3bf00e6a5c4135fd"],
        "fraction": ["f8bbf01d60d9e68", "c982647af4045022", "72c4ded4246343bb", "17b6f14abd98cff3"],
        "dynamic": ["3ff742b03bd16716", "2c04b8cadeeb00e0", "19d2269ff3d95f6d", "fa3b53f32059fb2c"],
        "strips": ["6c8b3a9a090cda5c", "10578dc36a44daaa", "f28f8ce638931d6f", "5af2c5e87266e868"],
        "staggered": ["96b9c5a2cf365871", "866118b5e12bb97", "98e5487f992d2dd2", "121f16e78a3f00df"],
        "manual splits": ["ad7285da853335b3", "c1fb4d60acdf2017", "5e7e0d68c883ff81", "c9adf7500fe03dde"],
        "intersection": ["d47afa99531b96e1", "307cac683f79a686", "f2d7b7be8d3c8264", "3bf00e6a5c4135fd"],
        "edge puzzle": ["1faed2588db09013", "76ba1585dca0c0b3", "cfd09b8a99cd759a", "3a20c32d8104bdef"],
        "edge puzzle with magnets": ["9395d1608e21e827", "821ce26fa0bc387", "4e0b1d8545a54b73", "55fff03a91a2d8da"],
        "press-fit": ["efaca69f439b5567", "ca15193458437c38", "60d5c81782643343", "55fff03a91a2d8da"],
        "glue from top": ["7e0d5c11cda5a6dc", "29c577e2ce6cc998", "17e1565c09f16b2e", "48fa3f78c9638581"],
        "glue from bottom": ["623277ae1c2f9491", "1a4b394d6fad824e", "bae444fb2427caaa", "5b57ae508a5526fd"],
        "solid frame": ["a90739cc8d787233", "645d008c3c9a85d3", "4b27d890cd2f6e8d", "48fa3f78c9638581"],
        "round frame": ["af447c8151904c78", "8964b045e0e4800f", "15211fa61436b7b6", "5b4b7661761e5fb0"],
        "release slots": ["6a463f60a16d3a6b", "fb9b2ab24830fcab", "a2669f849f25a7be", "646555e7193f826e"],
        "no release slots": ["efd348e87ada7169", "8eefd909db2284c1", "726e4a9dfa596821", "646555e7193f826e"],
        "numbering": ["9a54f70ce0d93033", "939fa5353b5e3953", "cc606e8b27d41bb9", "6d63365c93d10702"],
        "corner radius": ["6918a59b41442bf9", "a512f34f8faec5ef", "42a769922c4d373b", "2f41cc3ea9273774"],
        "edge adjust": ["246bbc94eb294506", "661fa67a54a38e9b", "6aa4cf2343cab6ee", "8e4fb0e28eb6666f"],
        "cell override": ["cd178219ff143aa4", "974c6ef819e6bf4e", "b0aa32c5b9243f1e", "ebe1b777c949bce0"],
        "solid base": ["3a6e5626c0b4b8bd", "b96b1e02ff0d7103", "1994c9c26f8e0529", "3bf00e6a5c4135fd"],
        "coupon": ["46fb5a45b3e0c756"],
    ]
}
