"""Makes the pictures of docs/gridflock.md from what `forma3d gridflock` writes; called by `scripts/gridflock-pictures`."""

import argparse
import dataclasses
import pathlib
import shutil
import subprocess
import sys

import trimesh

from gridflock_render import View, draw

# A picture is for looking at beside the text, not for zooming in.
BYTES_MAXIMUM = 150_000
SIZE = (1000, 640)
COLOURS = [(226, 168, 62), (92, 148, 190), (126, 174, 110), (190, 122, 158), (160, 150, 132), (98, 176, 172)]


@dataclasses.dataclass
class Picture:
    """One plate, seen from one or more sides, beside each other. `gap` moves its parts away from each other."""
    name: str
    arguments: str
    views: list
    gap: float = 0
    command: str = "generate"
    size: tuple = SIZE


ABOVE = View()
BELOW = View(azimuth=290, elevation=-50)
PLUMB_BELOW = View(azimuth=270, elevation=-90)
# Through the middles of a row of magnets.
CUT_MAGNETS = View(azimuth=285, elevation=25, window=(24, 2, 60, 30), cut=(1, 8))
TWO_PARTS = "--drawer 168x84 --clearance 0 --bed 90x90 --no-numbering"
PICTURES = [
    Picture("plate", "--drawer 371x254 --clearance 0 --bed 250x220", [ABOVE]),
    Picture("parts", "--drawer 371x254 --clearance 0 --bed 250x220", [ABOVE], gap=12),
    Picture("half-cells", "--drawer 147x105 --clearance 0 --bed 250x220 --no-numbering", [ABOVE]),
    Picture("dynamic", "--drawer 154x104 --clearance 0 --bed 250x220 --no-numbering --filler-x dynamic "
            "--filler-y dynamic", [ABOVE]),
    Picture("padding", "--drawer 150x100 --clearance 0 --bed 250x220 --no-numbering --filler-x none --filler-y none",
            [ABOVE]),
    Picture("padding-strips", "--drawer 150x100 --clearance 0 --bed 250x220 --no-numbering --filler-x none "
            "--filler-y none --separate-padding", [ABOVE], gap=5),
    Picture("intersection-tabs", TWO_PARTS, [View(azimuth=215, elevation=40, window=(77, 34, 91, 50)),
                                             View(azimuth=325, elevation=40, window=(77, 34, 91, 50))], gap=6),
    Picture("joint", TWO_PARTS, [View(azimuth=270, elevation=90, window=(78, 36, 90, 48)),
                                 View(azimuth=290, elevation=50, window=(76, 34, 92, 50))]),
    Picture("edge-tabs", f"{TWO_PARTS} --no-intersection-connector --edge-connector",
            [View(azimuth=250, elevation=-40, window=(70, 5, 110, 40)),
             View(azimuth=300, elevation=-40, window=(70, 5, 110, 40))], gap=8),
    Picture("edge-tabs-magnets", f"{TWO_PARTS} --no-intersection-connector --edge-connector --magnets",
            [View(azimuth=250, elevation=-40, window=(70, 5, 110, 40)),
             View(azimuth=300, elevation=-40, window=(70, 5, 110, 40))], gap=8),
    Picture("press-fit", "--drawer 84x84 --clearance 0 --bed 250x220 --magnets", [
        PLUMB_BELOW, CUT_MAGNETS]),
    Picture("glue-from-top", "--drawer 84x84 --clearance 0 --bed 250x220 --magnets --magnet-style glue-from-top",
            [View(elevation=55), CUT_MAGNETS]),
    Picture("glue-from-bottom", "--drawer 84x84 --clearance 0 --bed 250x220 --magnets "
            "--magnet-style glue-from-bottom", [PLUMB_BELOW, CUT_MAGNETS]),
    Picture("solid-frame", "--drawer 84x84 --clearance 0 --bed 250x220 --magnets --magnet-style glue-from-bottom "
            "--magnet-frame solid", [BELOW, CUT_MAGNETS]),
    Picture("half-cells-magnets", "--drawer 105x105 --clearance 0 --bed 250x220 --magnets", [PLUMB_BELOW, ABOVE]),
    Picture("number", "--drawer 371x254 --clearance 0 --bed 250x220", [
        View(azimuth=270, elevation=-90, window=(30, 6, 68, 38)),
        View(azimuth=280, elevation=-45, window=(44, 17, 54, 27))]),
    Picture("solid-base", "--drawer 84x84 --clearance 0 --bed 250x220 --solid-base 1.2",
            [View(azimuth=285, elevation=30, cut=(1, 21))]),
    Picture("overrides", "--drawer 168x126 --clearance 0 --bed 250x220 --no-numbering "
            "--cell-override ccccceecsccc", [ABOVE]),
    Picture("coupon", "--drawer 371x254 --bed 250x220 --fits 0,5,10", [ABOVE, BELOW], command="coupon"),
    Picture("coupon-edge", "--drawer 371x254 --bed 250x220 --fits 10 --edge-connector", [ABOVE, BELOW],
            command="coupon"),
]
# Kept as the program draws them.
DRAWINGS = {"plan.svg": "plate", "assembly.svg": "plate"}


def parts_of(picture, folder):
    if picture.command == "coupon":
        meshes = []
        for index, path in enumerate(sorted(folder.glob("*.stl"))):
            mesh = trimesh.load_mesh(path, process=False)
            mesh.apply_translation((index // 2 * 48, -(index % 2) * 30, 0) - mesh.bounds[0])
            meshes.append(mesh)
    else:
        meshes = trimesh.load_scene(folder / "plate.glb", process=False).dump()
        # GLB has metres and y upwards.
        for mesh in meshes:
            mesh.apply_transform([[1e3, 0, 0, 0], [0, 0, -1e3, 0], [0, 1e3, 0, 0], [0, 0, 0, 1]])
        spread(meshes, picture.gap)
    return [(mesh.triangles, COLOURS[index % len(COLOURS)]) for index, mesh in enumerate(meshes)]


def spread(meshes, gap):
    """Moves parts apart, by `gap` between neighbours in x and in y."""
    for axis in (0, 1):
        starts = sorted({round(mesh.bounds[0][axis] / 4) for mesh in meshes})
        steps = [starts[0]]
        for start in starts[1:]:
            if start - steps[-1] > 1:
                steps.append(start)
        for mesh in meshes:
            step = max(index for index, start in enumerate(steps) if start <= round(mesh.bounds[0][axis] / 4))
            offset = [0, 0, 0]
            offset[axis] = gap * (step - (len(steps) - 1) / 2)
            mesh.apply_translation(offset)


def make(picture, options):
    folder = options.work / picture.name
    shutil.rmtree(folder, ignore_errors=True)
    formats = [] if picture.command == "coupon" else ["--format", "stl,glb,svg"]
    subprocess.run([
        options.forma3d, "gridflock", picture.command, *picture.arguments.split(), *formats, "--out", folder
    ], check=True, stdout=subprocess.DEVNULL)
    parts = parts_of(picture, folder)
    width, height = picture.size
    image = None
    for index, view in enumerate(picture.views):
        panel = draw(parts, view, (width // len(picture.views), height))
        image = image or panel.resize(picture.size)
        image.paste(panel, (index * (width // len(picture.views)), 0))
    path = options.out / f"{picture.name}.png"
    image.quantize(colors=64).save(path, optimize=True)
    if path.stat().st_size > BYTES_MAXIMUM:
        sys.exit(f"gridflock-pictures: {path} has {path.stat().st_size} bytes, more than {BYTES_MAXIMUM}")
    print(f"{path}: {path.stat().st_size} bytes", flush=True)
    for name, source in DRAWINGS.items():
        if source == picture.name:
            shutil.copyfile(folder / name, options.out / name)


def main():
    parser = argparse.ArgumentParser(prog="scripts/gridflock-pictures", description=__doc__)
    parser.add_argument("names", nargs="*", help="which pictures; all when none is named")
    parser.add_argument("--forma3d", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--out", default="docs/gridflock", type=pathlib.Path)
    options = parser.parse_args()
    unknown = set(options.names) - {picture.name for picture in PICTURES}
    if unknown:
        parser.error(f"no picture is called {', '.join(sorted(unknown))}")
    options.out.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        if not options.names or picture.name in options.names:
            make(picture, options)


if __name__ == "__main__":
    main()
