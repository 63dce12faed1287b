/// By the name of a `GoldenPlate`: STL, model of the 3MF, GLB, SVG.
enum GoldenFingerprints {
    static let of: [String: [String]] = [
        "plain": ["9f1761d9ff16fc6a", "2ec786be98d63018", "196d258cce2326d7", "633e3ba4d876e30d"],
        "fraction": ["f8bbf01d60d9e68", "ef74c940662574d3", "72c4ded4246343bb", "3950241ef1812de7"],
        "dynamic": ["3ff742b03bd16716", "b05a3b222033200c", "19d2269ff3d95f6d", "f5c8a1988a25d1c7"],
        "strips": ["6c8b3a9a090cda5c", "97fcca32459f4044", "f28f8ce638931d6f", "cf45db6a67c0c9b4"],
        "staggered": ["96b9c5a2cf365871", "f83ad5f31c383531", "98e5487f992d2dd2", "1e552b0f53f9f72f"],
        "manual splits": ["ad7285da853335b3", "375d9286d6969c2d", "5e7e0d68c883ff81", "6ce67470cf42c3b2"],
        "intersection": ["d47afa99531b96e1", "c64fd7f8e4d71d2a", "f2d7b7be8d3c8264", "633e3ba4d876e30d"],
        "edge puzzle": ["1faed2588db09013", "76ba1585dca0c0b3", "cfd09b8a99cd759a", "d7ba4b93d0d91033"],
        "edge puzzle with magnets": ["9395d1608e21e827", "93ceedcea2b7eca1", "4e0b1d8545a54b73", "396e91dae221ee4a"],
        "press-fit": ["efaca69f439b5567", "3195fdac4ca6d732", "60d5c81782643343", "396e91dae221ee4a"],
        "glue from top": ["7e0d5c11cda5a6dc", "8a979966fc5edf8c", "17e1565c09f16b2e", "9a2c0f23071ffce1"],
        "glue from bottom": ["623277ae1c2f9491", "ce74eac3e7d3a2c", "bae444fb2427caaa", "ae8edcf63fcf36dd"],
        "solid frame": ["a90739cc8d787233", "22581084daf04ecd", "4b27d890cd2f6e8d", "9a2c0f23071ffce1"],
        "round frame": ["af447c8151904c78", "8964b045e0e4800f", "15211fa61436b7b6", "7a48ef07032e8ad0"],
        "release slots": ["6a463f60a16d3a6b", "fb9b2ab24830fcab", "a2669f849f25a7be", "2eccf91add0f1a8e"],
        "no release slots": ["efd348e87ada7169", "8eefd909db2284c1", "726e4a9dfa596821", "2eccf91add0f1a8e"],
        "numbering": ["1f4fdb26d54356ed", "60aafd51ec4de1e0", "a19176bc23ac9b4a", "ba6b0af36fadae92"],
        "corner radius": ["6918a59b41442bf9", "a512f34f8faec5ef", "42a769922c4d373b", "f6ea0f46bb4badd2"],
        "edge adjust": ["246bbc94eb294506", "9a2f3c8c2659a2f", "6aa4cf2343cab6ee", "e43b53b9b3e7676b"],
        "cell override": ["cd178219ff143aa4", "974c6ef819e6bf4e", "b0aa32c5b9243f1e", "a7a12fda3a82013a"],
        "solid base": ["3a6e5626c0b4b8bd", "6f2ae46824837c8f", "1994c9c26f8e0529", "633e3ba4d876e30d"],
        "coupon": ["46fb5a45b3e0c756"],
    ]
}
