"""Records small files of NumPy and PyTorch for the tests: python3 record.py FOLDER [legacy]. Same seed, same values."""
import collections, io, pickle, sys, zipfile
import numpy as np

folder = sys.argv[1]
grid = np.arange(24).reshape(2, 3, 4)
np.save(f"{folder}/c_f8.npy", grid.astype("<f8") / 8)
np.save(f"{folder}/fortran_f4.npy", np.asfortranarray(grid.astype("<f4") / 8))
np.save(f"{folder}/big_i2.npy", (grid - 12).astype(">i2"))
np.save(f"{folder}/half.npy", np.array([0, -0.5, 65504, 6e-8, np.inf, np.nan], dtype="<f2"))
np.save(f"{folder}/bool.npy", grid % 3 == 0)
np.save(f"{folder}/int64.npy", np.array([2**60, -1], dtype="<i8"))
np.save(f"{folder}/scalar.npy", np.float32(2.5))
np.save(f"{folder}/empty.npy", np.zeros((0, 3)))
np.save(f"{folder}/objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
np.save(f"{folder}/text.npy", np.array(["abc"]))
np.save(f"{folder}/bytes.npy", np.array([b"abc", b"de"]))
np.save(f"{folder}/big_text.npy", np.array(["\u00c6", "ab"], dtype=">U2"))
np.save(f"{folder}/record.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))
np.savez(f"{folder}/plain.npz", points=grid.reshape(8, 3).astype("<f8"), occupancies=np.arange(8, dtype="<f4"))
np.savez_compressed(f"{folder}/compressed.npz", points=grid.reshape(8, 3).astype("<f8"))

try:
    import torch
except ImportError:
    sys.exit(0)
torch.manual_seed(1)
base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
state = collections.OrderedDict(
    weight=base.t(),  # a view with strides
    part=base[1:, 1:3],
    shared=base,
    half=torch.tensor([0.5, -2.0]).half(),
    brain=torch.tensor([1.5, -3.0]).bfloat16(),
    count=torch.tensor(7),
    double=torch.nn.Parameter(torch.tensor([0.1], dtype=torch.float64)),
    mask=torch.tensor([True, False]),
)
state._metadata = collections.OrderedDict()
checkpoint = {
    "epoch": 260, "training_time": 12.5, "model_state_dict": state, "val": np.float64(0.25),
    "optimizer_state_dict": {"state": {0: {"step": 3, "exp_avg": torch.zeros(2)}}, "param_groups": [{"lr": 1e-4, "betas": (0.9, 0.999), "params": [0]}]},
    "size": base.size(), "names": {"a", "b"}, "none": None, "large": 2**70, "text": "Aurikel æ",
}
torch.save(checkpoint, f"{folder}/checkpoint.tar")
torch.save(checkpoint, f"{folder}/legacy.tar", _use_new_zipfile_serialization=False)
# The same members in another order, compressed.
with zipfile.ZipFile(f"{folder}/checkpoint.tar") as source, zipfile.ZipFile(f"{folder}/reordered.tar", "w", zipfile.ZIP_DEFLATED) as target:
    for item in reversed(source.infolist()):
        target.writestr(item.filename, source.read(item))

class Evil:
    def __reduce__(self):
        return (eval, ("print('run')",))

torch.save({"model_state_dict": Evil()}, f"{folder}/evil.tar")
torch.save(torch.nn.Linear(2, 2), f"{folder}/module.tar")
