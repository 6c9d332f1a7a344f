"""Stand-ins of the reference's stages, timed beside Auricle's (bench/peers.ts): a PyTorch network of the layout of
ShapeNet128Vox with random weights, written from the table in docs/method.md, and VTK's extraction of surfaces.
Prints one JSON object; what is not installed is left out."""
import json
import sys
import time

found = {}


def processor_seconds(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def pytorch():
    import torch
    from torch import nn
    from torch.nn import functional as F

    levels = [(1, [16]), (2, [32, 32]), (2, [64, 64]), (2, [128, 128]), (2, [128, 128])]
    stages, before = [], 1
    for pool, widths in levels:
        layers = [nn.MaxPool3d(pool)] if pool > 1 else []
        for width in widths:
            layers += [nn.Conv3d(before, width, 3, padding=1), nn.ReLU()]
            before = width
        stages.append(nn.Sequential(*layers, nn.BatchNorm3d(before)).eval())
    features = (1 + sum(widths[-1] for _, widths in levels)) * 7
    decoder = nn.Sequential(
        nn.Linear(features, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1)
    )
    offsets = torch.zeros(7, 3)
    for tap in range(1, 7):
        offsets[tap, (tap - 1) // 2] = 0.0361 * (-1 if tap % 2 else 1)

    def encode(image):
        pyramid = [image]
        for stage in stages:
            pyramid.append(stage(pyramid[-1]))
        return pyramid

    def decode(pyramid, points):
        taps = (points[:, None, :] + offsets).reshape(1, 1, 1, -1, 3)
        sampled = [
            F.grid_sample(level, taps, padding_mode="border", align_corners=True)[0, :, 0, 0].reshape(level.shape[1], -1, 7)
            for level in pyramid
        ]
        rows = torch.cat(sampled).permute(1, 0, 2).reshape(points.shape[0], -1)
        return decoder(rows)

    image = torch.randn(1, 1, 128, 128, 128)
    with torch.no_grad():
        encode(image)
        found["torchEncode"] = processor_seconds(lambda: encode(image))

    count = int(sys.argv[1])

    def projection():
        # One of the reference's 55 steps: the encoder again, the distance, and its gradient at the points.
        points = (torch.rand(count, 3) * 2 - 1).requires_grad_(True)
        decode(encode(image), points).sum().backward()

    found["torchStep"] = processor_seconds(projection)
    found["torch"] = f"PyTorch {torch.__version__}"


def vtk_surface():
    import numpy as np
    import vtk
    from vtk.util.numpy_support import numpy_to_vtk

    side = int(sys.argv[2])
    field = np.fromfile(sys.argv[3], dtype=np.float32)
    image = vtk.vtkImageData()
    image.SetDimensions(side, side, side)
    image.GetPointData().SetScalars(numpy_to_vtk(field))
    for name in ("vtkMarchingCubes", "vtkFlyingEdges3D"):
        surface = getattr(vtk, name)()
        surface.SetInputData(image)
        surface.SetValue(0, 0.0)
        surface.ComputeNormalsOff()
        found[name] = processor_seconds(surface.Update)
        found[name + "Faces"] = surface.GetOutput().GetNumberOfPolys()
    found["vtk"] = f"VTK {vtk.vtkVersion().GetVTKVersion()}"


def scikit_surface():
    import numpy as np
    from skimage import __version__, measure

    side = int(sys.argv[2])
    field = np.fromfile(sys.argv[3], dtype=np.float32).reshape(side, side, side)
    found["scikitMarchingCubes"] = processor_seconds(lambda: measure.marching_cubes(field, 0.0))
    found["scikit"] = f"scikit-image {__version__}"


for stage in (pytorch, vtk_surface, scikit_surface):
    try:
        stage()
    except ImportError as missing:
        found.setdefault("absent", []).append(str(missing.name))
print(json.dumps(found))
