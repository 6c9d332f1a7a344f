/**
 * Reads the records of `bench:fuzz` with GDCM and pydicom, and prints how often they agree with Auricle on values (to
 * rounding; what Auricle takes for padding left out) and on place.
 */
export const PEERS = `
import io, json, logging, os, struct, sys, warnings
import gdcm, numpy as np, pydicom
warnings.filterwarnings('ignore'); logging.disable(logging.CRITICAL)
for trace in (gdcm.Trace.SetWarning, gdcm.Trace.SetError, gdcm.Trace.SetDebug): trace(False)
P = gdcm.PixelFormat
TYPES = {P.UINT8: np.uint8, P.INT8: np.int8, P.UINT16: np.uint16, P.INT16: np.int16, P.UINT12: np.uint16, P.INT12: np.int16}
PLACE = sys.argv[1] + '.dcm'

def by_itself(read, file):
    # Some files end GDCM, which pydicom uses too, with an assertion: each is read in a process of its own.
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        try:
            values, place = read(file)
            with os.fdopen(sink, 'wb') as out: out.write(np.array(place, dtype=float).tobytes() + values.tobytes())
        finally: os._exit(0)
    os.close(sink)
    with os.fdopen(source, 'rb') as got: said = got.read()
    os.waitpid(child, 0)
    answer = np.frombuffer(said[:len(said) // 8 * 8], dtype=float)
    return None if answer.size < 3 else (answer[3:], list(answer[:3]))

def by_gdcm(file):
    with open(PLACE, 'wb') as out: out.write(file)
    reader = gdcm.ImageReader(); reader.SetFileName(PLACE)
    if not reader.Read(): return None
    image = reader.GetImage(); kind = TYPES.get(image.GetPixelFormat().GetScalarType())
    if kind is None: return None
    buffer = image.GetBuffer()
    if isinstance(buffer, str): buffer = buffer.encode('utf-8', 'surrogateescape')
    return np.frombuffer(buffer, dtype=kind).astype(float) * image.GetSlope() + image.GetIntercept(), list(image.GetOrigin())

def by_pydicom(file):
    data = pydicom.dcmread(io.BytesIO(file), force=True)
    values = data.pixel_array.astype(float) * float(data.get('RescaleSlope', 1)) + float(data.get('RescaleIntercept', 0))
    return values.ravel(), [float(value) for value in data.ImagePositionPatient]

def verdict(read, file, hu, at):
    answer = by_itself(read, file)
    if answer is None: return 'refuses'
    values, place = answer
    if values.size != hu.size: return 'other size'
    differs = (np.abs(np.clip(values, -2048, 32767) - hu) > 0.51) & (hu != -2048)
    if differs.any(): return 'other values'
    return 'agrees' if max(abs(a - b) for a, b in zip(place, at)) < 0.3 else 'other place'

counts, doubtful = {}, {}
with open(sys.argv[1], 'rb') as records:
    while len(head := records.read(4)) == 4:
        said = json.loads(records.read(struct.unpack('<I', head)[0]))
        file = records.read(said['fileBytes'])
        hu = np.frombuffer(records.read(2 * said['voxels']), dtype=np.int16).astype(float)
        answers = [verdict(read, file, hu, said['atLpsMm']) for read in (by_gdcm, by_pydicom)]
        key = 'GDCM %s, pydicom %s' % tuple(answers)
        counts[key] = counts.get(key, 0) + 1
        if 'agrees' not in answers and set(answers) != {'refuses'} and said['result'] != 'warned of':
            doubtful.setdefault((said['what'].split(' (')[0], key), []).append(said['number'])
print('Loaded as what they now say:', sum(counts.values()))
for key, count in sorted(counts.items(), key=lambda entry: -entry[1]): print('%6d %s' % (count, key))
print('Neither agrees:', sum(map(len, doubtful.values())))
for (what, key), numbers in sorted(doubtful.items(), key=lambda entry: -len(entry[1])):
    print('%6d %s: %s, as in %s' % (len(numbers), what, key, ', '.join(map(str, numbers[:4]))))
`;
