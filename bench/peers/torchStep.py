"""Milliseconds of a training step in PyTorch, for the benchmarks trainingStep and familyStep: stand-ins of the same
networks, losses and optimisers on the first CUDA device, on random data that lie there.

  python3 torchStep.py NETWORK RESOLUTION BATCH POINTS STEPS

NETWORK is DualField or one of the family's names; RESOLUTION may be smaller than the network's own, to try the program
on a processor. Prints a line of JSON for each precision: fp32, TF32, and TF32 with cuDNN's search for the fastest algorithms."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

NETWORKS = {  # pooling and channels of each level, the taps' offset
    "DualField": ([(1, [16]), (2, [32, 32]), (2, [64, 64]), (2, [128, 128]), (2, [128, 128])], 5 / 70),
    "ShapeNet64Vox": ([(1, [32]), (2, [64, 64]), (2, [128, 128]), (2, [128, 128])], 0.0722),
    "ShapeNet128Vox": ([(1, [16]), (2, [32, 32]), (2, [64, 64]), (2, [128, 128]), (2, [128, 128])], 0.0361),
    "ShapeNet256Vox": (
        [(1, [8]), (2, [16, 16]), (2, [32, 32]), (2, [64, 64]), (2, [128, 128]), (2, [128, 128])],
        0.05,
    ),
}


class Network(nn.Module):
    def __init__(self, name):
        super().__init__()
        levels, offset = NETWORKS[name]
        self.dual = name == "DualField"
        self.pools, self.stages, before, sampled = [], nn.ModuleList(), 1, 1
        for pool, widths in levels:
            layers = []
            for width in widths:
                layers.append(nn.Conv3d(before, width, 3, padding=1))
                layers += [nn.GroupNorm(8, width), nn.ReLU(inplace=True)] if self.dual else [nn.ReLU(inplace=True)]
                before = width
            if not self.dual:
                layers.append(nn.BatchNorm3d(before))
            self.pools.append(pool)
            self.stages.append(nn.Sequential(*layers))
            sampled += before
        hidden = [7 * sampled, 256, 256, 256]
        layers = []
        for wide, narrow in zip(hidden, hidden[1:]):
            layers += [nn.Conv1d(wide, narrow, 1), nn.ReLU(inplace=True)]
        self.decoder = nn.Sequential(*layers, nn.Conv1d(256, 2 if self.dual else 1, 1))
        taps = torch.zeros(7, 3)
        for tap in range(1, 7):
            taps[tap, (tap - 1) // 2] = offset * (-1 if tap % 2 else 1)
        self.register_buffer("taps", taps)

    def forward(self, image, points):
        places = (points[:, None] + self.taps[:, None])[:, None]  # batch, 1, taps, points, 3

        def sample(level):
            found = F.grid_sample(level, places, padding_mode="border", align_corners=False)
            return found[:, :, 0]

        value, sampled = image, [sample(image)]
        for pool, stage in zip(self.pools, self.stages):
            value = stage(F.max_pool3d(value, pool) if pool > 1 else value)
            sampled.append(sample(value))
        return self.decoder(torch.cat(sampled, 1).flatten(1, 2))


def dual_loss(predicted, target):
    signed, unsigned = predicted[:, 0], predicted[:, 1]
    inside = (target[..., 0] < 0).float()
    return (
        2 * F.smooth_l1_loss(signed, target[..., 0].clamp(-1, 1), beta=0.05)
        + 2 * F.smooth_l1_loss(unsigned, target[..., 1].clamp(0, 1), beta=0.05)
        + 0.4 * F.binary_cross_entropy_with_logits(-8 * signed, inside)
    )


def family_loss(predicted, target):
    return (predicted[:, 0] - target[..., 1].clamp(max=0.1)).abs().sum(-1).mean()


def measure(name, resolution, batch, count, steps, device):
    torch.manual_seed(1)
    network = Network(name).to(device).train()
    dual = network.dual
    parameters = list(network.parameters())
    optimiser = (
        torch.optim.AdamW(parameters, lr=1e-3, weight_decay=1e-4, fused=True)
        if dual and device.type == "cuda"
        else torch.optim.Adam(parameters, lr=1e-4)
    )
    image = torch.rand(batch, 1, *[resolution] * 3, device=device) * 2 - 1
    points = torch.rand(batch, count, 3, device=device) * 2 - 1
    target = torch.rand(batch, count, 2, device=device) * 2 - 1
    loss_of = dual_loss if dual else family_loss

    def step():
        loss = loss_of(network(image, points), target)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if dual:
            nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        return loss

    def wait():
        if device.type == "cuda":
            torch.cuda.synchronize()

    for _ in range(min(5, steps)):
        step()
    wait()
    times = []
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(steps):
            loss = step()
        wait()
        times.append((time.perf_counter() - began) / steps * 1000)
    if not torch.isfinite(loss):
        raise SystemExit("the loss is not a number")
    peak = torch.cuda.max_memory_allocated() / 2**20 if device.type == "cuda" else None
    return sorted(times)[1], peak


name = sys.argv[1]
resolution, batch, count, steps = map(int, sys.argv[2:6])
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
where = torch.cuda.get_device_name() if device.type == "cuda" else "processor"
for precision in ("fp32", "TF32", "TF32, fastest algorithms") if device.type == "cuda" else ("fp32",):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision != "fp32"
    torch.backends.cudnn.benchmark = "fastest" in precision
    milliseconds, peak = measure(name, resolution, batch, count, steps, device)
    found = {"torch": torch.__version__, "device": where, "network": name, "precision": precision}
    print(json.dumps({**found, "msPerStep": round(milliseconds, 2), "peakMiB": peak and round(peak)}), flush=True)
