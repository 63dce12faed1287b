"""Draws triangle meshes with a z-buffer: flat shading, lines where surfaces meet, cuts shown as such."""

import dataclasses

import numpy
from PIL import Image

# Each picture is drawn so many times larger and then reduced.
OVERSAMPLING = 2
BACKGROUND = (250, 250, 248)
CUT_FACE = (214, 84, 60)
LIGHT = numpy.array([-0.35, 0.55, 0.76])


@dataclasses.dataclass
class View:
    """A parallel projection. Angles in degrees: azimuth 270 stands in the south, elevation -90 looks from straight below.

    `window` is what to show, a box (x0, y0, x1, y1) in millimetres at mid height; None is everything. `cut` is an axis
    and a position: what lies before it (smaller) is taken away.
    """
    azimuth: float = 250
    elevation: float = 40
    window: tuple | None = None
    cut: tuple | None = None

    def axes(self):
        azimuth, elevation = numpy.radians([self.azimuth, self.elevation])
        towards = numpy.array([
            numpy.cos(elevation) * numpy.cos(azimuth),
            numpy.cos(elevation) * numpy.sin(azimuth),
            numpy.sin(elevation)
        ])
        right = numpy.array([-numpy.sin(azimuth), numpy.cos(azimuth), 0])
        return numpy.array([right, numpy.cross(towards, right), towards])


def draw(parts, view, size):
    """`parts` are (triangles of shape (n, 3, 3), colour); an image of `size` comes back."""
    width, height = (side * OVERSAMPLING for side in size)
    axes = view.axes()
    seen = frame(parts, view, axes)
    scale = min(width / (seen[2] - seen[0]), height / (seen[3] - seen[1])) * 0.94
    middle = numpy.array([(seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2])
    canvas = Canvas(width, height)
    for triangles, colour in parts:
        projected = triangles @ axes.T
        projected[:, :, :2] = (projected[:, :, :2] - middle) * scale + numpy.array([width, height]) / 2
        normals = numpy.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
        lengths = numpy.linalg.norm(normals, axis=1)
        normals = (normals / numpy.where(lengths == 0, 1, lengths)[:, None]) @ axes.T
        along = triangles[:, :, view.cut[0]] if view.cut else None
        canvas.fill(projected, normals, colour, along, view.cut[1] if view.cut else 0)
    return canvas.image(scale).resize(size, Image.Resampling.LANCZOS)


def frame(parts, view, axes):
    everything = numpy.concatenate([triangles.reshape(-1, 3) for triangles, _ in parts])
    if view.window:
        x0, y0, x1, y1 = view.window
        low, high = everything[:, 2].min(), everything[:, 2].max()
        everything = numpy.array([(x, y, z) for x in (x0, x1) for y in (y0, y1) for z in (low, high)])
    projected = everything @ axes.T
    return (*projected[:, :2].min(axis=0), *projected[:, :2].max(axis=0))


class Canvas:
    def __init__(self, width, height):
        self.depth = numpy.full((height, width), -numpy.inf)
        self.normal = numpy.zeros((height, width, 3))
        self.colour = numpy.full((height, width, 3), BACKGROUND, dtype=float)
        self.is_cut = numpy.zeros((height, width), dtype=bool)

    def fill(self, triangles, normals, colour, along, position):
        height, width = self.depth.shape
        colour = numpy.array(colour, dtype=float)
        cut_face = numpy.array(CUT_FACE, dtype=float)
        for index, (a, b, c) in enumerate(triangles):
            x0, x1 = max(int(min(a[0], b[0], c[0])), 0), min(int(max(a[0], b[0], c[0])) + 2, width)
            y0, y1 = max(int(min(a[1], b[1], c[1])), 0), min(int(max(a[1], b[1], c[1])) + 2, height)
            area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
            if x0 >= x1 or y0 >= y1 or abs(area) < 1e-9 or (along is None and area < 0):
                continue
            xs = numpy.arange(x0, x1) + 0.5
            ys = (numpy.arange(y0, y1) + 0.5)[:, None]
            second = ((xs - a[0]) * (c[1] - a[1]) - (ys - a[1]) * (c[0] - a[0])) / area
            third = ((b[0] - a[0]) * (ys - a[1]) - (b[1] - a[1]) * (xs - a[0])) / area
            depth = a[2] + second * (b[2] - a[2]) + third * (c[2] - a[2])
            inside = (second >= 0) & (third >= 0) & (second + third <= 1) & (depth > self.depth[y0:y1, x0:x1])
            if along is not None:
                start = along[index]
                inside &= start[0] + second * (start[1] - start[0]) + third * (start[2] - start[0]) >= position
            self.depth[y0:y1, x0:x1][inside] = depth[inside]
            # A surface seen from behind is the inside of a body that was cut open there.
            self.normal[y0:y1, x0:x1][inside] = normals[index] if area > 0 else (0, 0, 1)
            self.colour[y0:y1, x0:x1][inside] = colour if area > 0 else cut_face
            self.is_cut[y0:y1, x0:x1][inside] = area < 0

    def image(self, scale):
        covered = numpy.isfinite(self.depth)
        light = LIGHT / numpy.linalg.norm(LIGHT)
        shade = 0.42 + 0.58 * numpy.clip(self.normal @ light, 0, 1)
        depth = numpy.where(covered, self.depth, numpy.min(self.depth[covered], initial=0))
        # Hollows are darker: what lies deeper than its surroundings of some three millimetres.
        hollow = numpy.clip(blurred(depth, max(int(3 * scale), 1)) - depth, 0, 4) / 4
        hollow[self.is_cut] = 0
        pixels = self.colour * (shade * (1 - 0.45 * hollow))[:, :, None]
        pixels[self.lines(depth, covered)] *= 0.35
        pixels[~covered] = BACKGROUND
        return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8)[::-1])

    def lines(self, depth, covered):
        """Where neighbouring pixels are of surfaces that meet at more than 25 degrees, or of none."""
        found = numpy.zeros(covered.shape, dtype=bool)
        for axis in (0, 1):
            normals = (self.normal * numpy.roll(self.normal, 1, axis)).sum(axis=2)
            slope = numpy.abs(depth - numpy.roll(depth, 1, axis))
            # The tilt of a surface lets depth grow from pixel to pixel; beyond that it is a step.
            tilt = numpy.maximum(self.normal[:, :, 2], 0.08)
            step = slope > 6 / (tilt * 10) * 0.5
            both = covered & numpy.roll(covered, 1, axis) & ~(self.is_cut & numpy.roll(self.is_cut, 1, axis))
            found |= both & ((normals < 0.906) | step) | (covered != numpy.roll(covered, 1, axis))
        return found & covered


def blurred(values, radius):
    for axis in (0, 1):
        padded = numpy.concatenate([
            numpy.repeat(values.take([0], axis), radius + 1, axis), values,
            numpy.repeat(values.take([-1], axis), radius, axis)
        ], axis)
        sums = numpy.cumsum(padded, axis)
        length = values.shape[axis]
        upper = sums.take(numpy.arange(2 * radius + 1, 2 * radius + 1 + length), axis)
        values = (upper - sums.take(numpy.arange(length), axis)) / (2 * radius + 1)
    return values
