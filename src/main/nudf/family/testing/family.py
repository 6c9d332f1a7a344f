"""The NUDF family in PyTorch, written from the paper's description, for checks of ours against it.

  python3 family.py record FILE                     outputs of all four networks on small images, as JSON
  python3 family.py checkpoint NAME OUTPUTS FILE …  checkpoints whose weights follow the formula below
  python3 family.py load NAME FILE …                loads checkpoints of another program and prints their weights' sums
"""
import json, sys
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

LEVELS = {  # name: (levels' names, pooling before each, channels), offset of the taps
    "ShapeNet64Vox": (["in", "0", "1", "2"], [1, 2, 2, 2], [32, 64, 128, 128], 0.0722),
    "ShapeNet128Vox": (["in", "0", "1", "2", "3"], [1, 2, 2, 2, 2], [16, 32, 64, 128, 128], 0.0361),
    "ShapeNet256Vox": (["in", "a", "0", "1", "2", "3"], [1, 2, 2, 2, 2, 2], [8, 16, 32, 64, 128, 128], 0.05),
    "ShapeNet512Vox": (["in", "a", "0", "1", "2", "3"], [1, 4, 2, 2, 2, 2], [4, 16, 32, 64, 128, 128], 0.05),
}
# For tests of training: a network like the family's that is trained in a moment.
TINY = (["in", "0", "1"], [1, 4, 2], [4, 8, 8], 0.0722)


class Family(nn.Module):
    def __init__(self, name, outputs, hidden=256):
        super().__init__()
        self.levels, self.pools, channels, self.offset = LEVELS.get(name, TINY)
        width = 1
        for level, count in zip(self.levels, channels):
            setattr(self, f"conv_{level}", nn.Conv3d(width, count, 3, padding=1))
            if level != "in":
                setattr(self, f"conv_{level}_1", nn.Conv3d(count, count, 3, padding=1))
            setattr(self, "conv_in_bn" if level == "in" else f"conv{level}_1_bn", nn.BatchNorm3d(count))
            width = count
        if name == "ShapeNet512Vox":
            self.convb_1_bn = nn.BatchNorm3d(32)  # there, and never used
        features = (1 + sum(channels)) * 7
        self.fc_0 = nn.Conv1d(features, hidden, 1)
        self.fc_1 = nn.Conv1d(hidden, hidden, 1)
        self.fc_2 = nn.Conv1d(hidden, hidden, 1)
        self.fc_out = nn.Conv1d(hidden, outputs, 1)

    def forward(self, points, image, align_corners):
        taps = [[0, 0, 0]]
        for axis in range(3):
            for sign in (-1, 1):
                tap = [0, 0, 0]
                tap[axis] = sign * self.offset
                taps.append(tap)
        places = torch.stack([points + torch.tensor(tap, dtype=points.dtype, device=points.device) for tap in taps], 1)[:, None]

        def sample(level):
            found = F.grid_sample(level, places, padding_mode="border", align_corners=align_corners)
            return found[:, :, 0]  # batch, channels, taps, points

        value, sampled = image, [sample(image)]
        for level, pool in zip(self.levels, self.pools):
            if pool > 1:
                value = F.max_pool3d(value, pool)
            value = F.relu(getattr(self, f"conv_{level}")(value))
            if level != "in":
                value = F.relu(getattr(self, f"conv_{level}_1")(value))
            value = getattr(self, "conv_in_bn" if level == "in" else f"conv{level}_1_bn")(value)
            sampled.append(sample(value))
        features = torch.cat(sampled, 1)
        rows = features.reshape(len(points), -1, points.shape[1])  # channel · 7 + tap
        for layer in (self.fc_0, self.fc_1, self.fc_2):
            rows = F.relu(layer(rows))
        return self.fc_out(rows).transpose(1, 2).flatten(0, 1)  # points of all images, outputs


def uniform(name, count):
    """count numbers in [-0.5, 0.5), the same in every language: see formulaNumbers in formula.ts."""
    seed = 0
    for character in name:
        seed = (seed * 31 + ord(character)) % 2**32
    index = np.arange(count, dtype=np.uint64)
    mixed = ((index + np.uint64(seed)) * np.uint64(2654435761)) % np.uint64(2**32)
    mixed ^= mixed >> np.uint64(15)
    mixed = (mixed * np.uint64(2246822519)) % np.uint64(2**32)
    mixed ^= mixed >> np.uint64(13)
    return (mixed / 2**32 - 0.5).astype(np.float32)


def fill(model):
    state = model.state_dict()
    for key, tensor in state.items():
        if key.endswith("num_batches_tracked"):
            continue
        values = uniform(key, tensor.numel()).reshape(tensor.shape)
        if key.endswith("running_var") or ("bn" in key and key.endswith("weight")):
            values = 1 + values
        elif tensor.dim() > 1:
            values = values * np.float32(np.sqrt(24 / np.prod(tensor.shape[1:])))
        state[key] = torch.from_numpy(values.astype(np.float32))
    model.load_state_dict(state)
    return model.eval()


def image(size):
    return torch.from_numpy(uniform("image", size**3).reshape(1, 1, size, size, size) * 2)


if __name__ == "__main__" and sys.argv[1] == "record":
    size, count = 64, 24
    points = torch.from_numpy(uniform("points", 3 * count).reshape(1, count, 3) * np.float32(2.2))
    recorded = []
    with torch.no_grad():
        for name in LEVELS:
            for outputs, align_corners in ((1, True), (2, False)):
                values = fill(Family(name, outputs))(points, image(size), align_corners)
                recorded.append({"name": name, "outputs": outputs, "alignCorners": align_corners,
                                 "values": [round(float(value), 7) for value in values.flatten()]})
    with open(sys.argv[2], "w") as file:
        json.dump({"torch": torch.__version__, "size": size, "points": count, "recorded": recorded}, file, indent=1)
elif __name__ == "__main__" and sys.argv[1] == "train":
    # Two steps of training: losses, gradients of the first step, running statistics after it.
    recorded = []
    for clamped, align_corners in ((True, True), (False, False)):
        size, batch, count = 16, 2, 40
        model = fill(Family("tiny", 1, 16)).train()
        adam = torch.optim.Adam(model.parameters(), lr=1e-4)
        images = torch.from_numpy(uniform("images", batch * size**3).reshape(batch, 1, size, size, size) * 2)
        points = torch.from_numpy(uniform("points", 3 * batch * count).reshape(batch, count, 3) * np.float32(2.2))
        truth = torch.from_numpy(uniform("distances", batch * count) + np.float32(0.5)) * 0.2
        losses, weights = [], {}
        for step in range(2):
            predicted = model(points, images, align_corners).flatten()
            compared = predicted.clamp(max=0.1) if clamped else predicted
            loss = (compared - truth.clamp(max=0.1)).abs().sum() / batch
            adam.zero_grad()
            loss.backward()
            losses.append(loss.item())
            if step == 0:
                for key, parameter in model.named_parameters():
                    if parameter.grad is not None:
                        weights[key] = parameter.grad.clone()
                weights.update({k: v.clone() for k, v in model.state_dict().items() if "running" in k and "convb" not in k})
            adam.step()
        values = {}
        for key, tensor in weights.items():
            flat = tensor.flatten().double()
            some = flat[:: max(1, len(flat) // 5)][:6]
            values[key] = [float(f"{v:.7g}") for v in (flat.norm(), *some)]
        recorded.append({"size": size, "loss": "clamped" if clamped else "target-clamped",
                         "alignCorners": align_corners, "batch": batch, "points": count, "losses": losses, "values": values})
    with open(sys.argv[2], "w") as file:
        json.dump({"torch": torch.__version__, "recorded": recorded}, file, indent=1)
elif __name__ == "__main__" and sys.argv[1] == "load":
    # Checkpoints of another program: weights and optimiser are loaded, one step is taken, the weights' sum printed.
    for name, file in zip(sys.argv[2::2], sys.argv[3::2]):
        checkpoint = torch.load(file)
        model = Family(name, 1)
        model.load_state_dict(checkpoint["model_state_dict"])
        used = [parameter for key, parameter in model.named_parameters() if "convb" not in key]
        adam = torch.optim.Adam(used)
        adam.load_state_dict(checkpoint["optimizer_state_dict"])
        assert adam.param_groups[0]["lr"] == 1e-4 and len(adam.state) == len(used)
        state = {k: v for k, v in model.state_dict().items() if "tracked" not in k and "convb" not in k}
        print(sum(tensor.double().sum().item() for tensor in state.values()))
        for parameter in used:
            parameter.grad = torch.zeros_like(parameter)
        adam.step()
elif __name__ == "__main__":
    for name, outputs, file in zip(sys.argv[2::3], sys.argv[3::3], sys.argv[4::3]):
        model = fill(Family(name, int(outputs)))
        torch.save({"epoch": 260, "training_time": 1.0, "model_state_dict": model.state_dict()}, file)
