"""Judges drawer plates with trimesh; called by `scripts/gridflock-judge`."""

import argparse
import json
import pathlib
import sys
import xml.etree.ElementTree
import zipfile

import numpy
import trimesh

# Cubic millimetres of the upstream generator's whole plate (yawkat/GridFlock 3f04abb2, measured with PythonSCAD 1.1.2;
# c06, c15, c35 and c38, where it aborts, with a direct mesher that agrees with it on the others); what of it are half
# tabs that are 0.3 mm too long, beyond the plate's edge or into a neighbour, which ours has none of; and how far off
# ours may be: the notch of the loose fit is drawn a little otherwise. Numbers are not in them: c35 and c38 are numbered.
UPSTREAM_VOLUMES = {
    "c01": (1226.9909, 0, 1e-4),
    "c02": (7686.0732, 0, 1e-4),
    "c04": (87473.9144, 7.2261, 1e-4),
    "c05": (129015.0820, 21.6783, 1e-4),
    "c06": (520061.50, 108.3915, 1e-4),
    "c07": (226470.1042, 12.6651, 1e-4),
    "c08": (356510.42, 0, 1e-4),
    "c09": (204462.39, 0, 1e-4),
    "c10": (87227.1970, 7.2261, 5e-4),
    "c11": (87455.5829, 0, 1e-4),
    "c12": (229148.16, 0, 1e-4),
    "c13": (60451.38, 0, 1e-4),
    "c14": (106334.8963, 7.2261, 1e-4),
    "c15": (106346.38, 14.4522, 1e-4),
    "c16": (106344.68, 14.4522, 1e-4),
    "c17": (106334.77, 7.2261, 1e-4),
    "c18": (69258.5646, 21.6783, 1e-4),
    "c19": (83685.6826, 7.2261, 1e-4),
    "c30": (7746.85, 0, 1e-4),
    "c33": (87550.0879, 0, 1e-4),
    "c35": (1380358, 189.9765, 1e-4),
    "c36": (14631.7004, 37.9953, 1e-4),
    "c37": (215940.09, 0, 1e-4),
    "c38": (542898, 25.3302, 1e-4),
}


def faults_of(mesh):
    """What is wrong with a mesh whose equal vertices have been merged."""
    found = []
    if not mesh.is_watertight:
        found.append("not watertight")
    if not mesh.is_winding_consistent:
        found.append("triangles turn both ways")
    if mesh.body_count != 1:
        found.append(f"{mesh.body_count} bodies")
    if mesh.volume <= 0:
        found.append(f"volume {mesh.volume}")
    edges = numpy.sort(mesh.edges, axis=1)
    counts = numpy.unique(edges, axis=0, return_counts=True)[1]
    if (counts != 2).any():
        found.append(f"{(counts != 2).sum()} edges without exactly two triangles")
    if (mesh.area_faces <= 0).any():
        found.append(f"{(mesh.area_faces <= 0).sum()} triangles without area")
    return found


def judge_stl(path, segment):
    mesh = trimesh.load_mesh(path, process=True)
    found = faults_of(mesh)
    if segment is None:
        return found, mesh
    if len(mesh.faces) != segment["triangles"]:
        found.append(f"{len(mesh.faces)} triangles instead of {segment['triangles']}")
    if abs(mesh.volume - segment["cubicMillimetres"]) > 1e-5 * segment["cubicMillimetres"]:
        found.append(f"volume {mesh.volume} instead of {segment['cubicMillimetres']}")
    for size, axis in zip(mesh.extents, ("width", "depth", "height")):
        if abs(size - segment[axis]) > 2e-4:
            found.append(f"{axis} {size} instead of {segment[axis]}")
    if mesh.extents[0] > segment["bedWidth"] + 2e-4 or mesh.extents[1] > segment["bedDepth"] + 2e-4:
        found.append("larger than the bed")
    return found, mesh


def count_items(path):
    with zipfile.ZipFile(path) as archive:
        model = xml.etree.ElementTree.fromstring(archive.read("3D/3dmodel.model"))
    return len(model.findall("{*}build/{*}item"))


def judge_scene(path, segments):
    """A 3MF or GLB file: each shape once and closed, each segment an instance."""
    scene = trimesh.load_scene(path, process=True)
    found = []
    shapes = len({segment["sameAs"] for segment in segments})
    if len(scene.geometry) != shapes:
        found.append(f"{path.name}: {len(scene.geometry)} shapes instead of {shapes}")
    # trimesh keeps one node of an object that is built several times, so the items of a 3MF are counted here.
    parts = count_items(path) if path.suffix == ".3mf" else len(scene.graph.nodes_geometry)
    if parts != len(segments):
        found.append(f"{path.name}: {parts} parts instead of {len(segments)}")
    for name, mesh in scene.geometry.items():
        mesh.merge_vertices()
        found += [f"{path.name}, {name}: {fault}" for fault in faults_of(mesh)]
    return found


def judge_plate(folder):
    description = folder / "segments.jsonl"
    if not description.exists():
        return [f"{path.name}: {fault}" for path in sorted(folder.glob("*.stl")) for fault in judge_stl(path, None)[0]]
    segments = [json.loads(line) for line in description.read_text().splitlines()]
    found = []
    for segment in segments:
        if segment["number"] == segment["sameAs"]:
            faults = judge_stl(folder / segment["file"], segment)[0]
            found += [f"{segment['file']}: {fault}" for fault in faults]
    for name in ("plate.3mf", "plate.glb"):
        if (folder / name).exists():
            found += judge_scene(folder / name, segments)
    expected = UPSTREAM_VOLUMES.get(folder.name)
    if expected:
        volume = sum(segment["cubicMillimetres"] for segment in segments)
        upstream, beyond, tolerance = expected
        deviation = volume / (upstream - beyond) - 1
        print(f"  {folder.name}: volume {volume:.3f}, upstream {upstream:.3f} - {beyond}, deviation {deviation:+.1e}")
        if abs(deviation) > tolerance:
            found.append(f"volume is {deviation:+.1e} off upstream's")
    return found


def main():
    parser = argparse.ArgumentParser(prog="scripts/gridflock-judge", description=__doc__)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    plates = sorted({path.parent for folder in options.folders for path in folder.rglob("*.stl")})
    if not plates:
        sys.exit("gridflock-judge: there is no STL file")
    wrong = 0
    files = 0
    for plate in plates:
        faults = judge_plate(plate)
        files += len(list(plate.glob("*.stl")))
        wrong += bool(faults)
        for fault in faults:
            print(f"{plate.name}: {fault}")
    print(f"{len(plates)} plates, {files} STL files, trimesh {trimesh.__version__}: {wrong} plates are wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
