/// What upstream's parameters mean here. Names, defaults and values are facts of yawkat/GridFlock (MIT); no code of it
/// is used.
enum UpstreamName {
    typealias Path<Value> = any (WritableKeyPath<PlateRequest, Value?> & Sendable)

    enum Meaning: Sendable {
        case number(Path<Double>)
        case whole(Path<Int>)
        case flag(Path<Bool>)
        case pair(Path<Double>, Path<Double>)
        case wholePair(Path<Int>, Path<Int>)
        /// North, east, south, west.
        case sides(Path<Sides<Double>>)
        case text(Path<String>)
        /// Upstream's number to our word.
        case choice(Path<String>, [Int: String])
        /// Not made yet: refused when on.
        case later
        /// A detail of a feature that is refused when on, or of no effect here.
        case ignored
        /// Read by `UpstreamParameters` itself.
        case special
    }

    private static let fillers = [0: "none", 1: "fraction", 2: "dynamic"]

    /// In the order in which they are told.
    static let table: [(name: String, meaning: Meaning)] =
        made + later.map { ($0, .later) } + ignored.map { ($0, .ignored) }

    private static let made: [(name: String, meaning: Meaning)] = [
        ("plate_size", .pair(\.drawerWidthMillimetres, \.drawerDepthMillimetres)),
        ("bed_size", .pair(\.bedWidthMillimetres, \.bedDepthMillimetres)),
        ("magnets", .flag(\.magnets)),
        ("magnet_style", .choice(\.magnetStyle, [0: "glue-from-top", 1: "press-fit", 2: "glue-from-bottom"])),
        ("magnet_frame_style", .choice(\.magnetFrame, [0: "solid", 1: "round"])),
        ("magnet_diameter", .number(\.magnetDiameterMillimetres)),
        ("magnet_height", .number(\.magnetHeightMillimetres)),
        ("magnet_top", .number(\.magnetTopMillimetres)),
        ("magnet_bottom", .number(\.magnetBottomMillimetres)),
        ("magnet_border", .number(\.magnetBorderMillimetres)),
        ("magnet_release_width", .number(\.magnetReleaseWidthMillimetres)),
        ("connector_intersection_puzzle", .flag(\.intersectionConnector)),
        ("intersection_puzzle_fit", .number(\.intersectionFit)),
        ("connector_edge_puzzle", .flag(\.edgeConnector)),
        ("edge_puzzle_count", .whole(\.edgeConnectorCountPerCell)),
        ("edge_puzzle_dim", .pair(\.edgeConnectorBarWidthMillimetres, \.edgeConnectorBarDepthMillimetres)),
        ("edge_puzzle_dim_c", .pair(\.edgeConnectorNeckWidthMillimetres, \.edgeConnectorNeckDepthMillimetres)),
        ("edge_puzzle_gap", .number(\.edgeConnectorGapMillimetres)),
        ("edge_puzzle_magnet_border", .flag(\.edgeConnectorMagnetBorder)),
        ("edge_puzzle_magnet_border_width", .number(\.edgeConnectorMagnetBorderWidthMillimetres)),
        ("edge_puzzle_height_female", .number(\.edgeConnectorHeightMillimetres)),
        ("edge_puzzle_height_male_delta", .number(\.edgeConnectorMaleDeltaMillimetres)),
        ("filler_x", .choice(\.fillerX, fillers)),
        ("filler_y", .choice(\.fillerY, fillers)),
        ("filler_fraction", .wholePair(\.fillerFractionX, \.fillerFractionY)),
        ("filler_minimum_size", .pair(\.fillerMinimumXMillimetres, \.fillerMinimumYMillimetres)),
        ("alignment", .pair(\.alignmentX, \.alignmentY)),
        ("numbering", .flag(\.numbering)),
        ("number_depth", .number(\.numberDepthMillimetres)),
        ("number_size", .number(\.numberSizeMillimetres)),
        ("number_squeeze_size", .number(\.numberSqueezedSizeMillimetres)),
        ("x_segment_algorithm", .special),
        ("x_column_count_first", .special),
        ("y_row_count_first", .special),
        ("separate_edge_padding", .flag(\.separatePadding)),
        ("solid_base", .number(\.solidBaseMillimetres)),
        ("plate_corner_radius", .number(\.cornerRadiusMillimetres)),
        ("edge_adjust", .sides(\.edgeAdjustMillimetres)),
        ("cell_override", .text(\.cellOverride)),
        ("BASEPLATE_DIMENSIONS", .special),
    ]

    private static let later = [
        "click", "bottom_chamfer", "top_chamfer", "plate_wall_thickness", "adapter_north", "adapter_east",
        "adapter_south", "adapter_west", "vertical_screw_plate_corners", "vertical_screw_plate_edges",
        "vertical_screw_segment_corners", "vertical_screw_segment_edges", "vertical_screw_other",
        "horizontal_screw_wall_north", "horizontal_screw_wall_east", "horizontal_screw_wall_south",
        "horizontal_screw_wall_west", "thumbscrews", "stacked_print", "top_slice", "hollow", "remove_bottom_lip",
        "test_pattern",
    ]

    /// Sizes of those, and the font: our digits are our own drawing.
    private static let ignored = [
        "number_font", "click_style", "click1_distance", "click1_steepness", "click1_outer_length",
        "click1_inner_length", "click1_height", "click1_strength", "click1_wall_strength", "click1_steps",
        "clickgroove_gap_length", "clickgroove_tab_length", "clickgroove_strength", "clickgroove_wall_strength",
        "clickgroove_depth", "plate_wall_height", "plate_wall_above", "plate_wall_below", "adapter_mode",
        "vertical_screw_diameter", "vertical_screw_countersink_top", "vertical_screw_counterbore_top",
        "vertical_screw_plate_corner_inset", "vertical_screw_segment_corner_inset", "vertical_screw_style",
        "vertical_screw_magnet_diameter", "vertical_screw_magnet_height", "vertical_screw_magnet_floor",
        "vertical_screw_magnet_release", "horizontal_screw_diameter", "horizontal_screw_countersink_top",
        "horizontal_screw_counterbore_top", "horizontal_screw_offset", "thumbscrew_diameter",
        "stacked_print_layer_height", "stacked_print_min_gap", "stacked_print_duplicates", "stacked_print_flip_first",
        "stacked_print_flip", "stacked_print_slice", "hollow_wall", "hollow_connector_fill",
    ]
}
