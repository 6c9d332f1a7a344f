"""Records one small sphere in the formats that VTK writes: python3 recordVtk.py FOLDER (VTK 9.7)."""
import sys
import vtk

folder = sys.argv[1]
source = vtk.vtkSphereSource()
source.SetCenter(12.5, -45.25, 789)
source.SetRadius(7)
source.SetThetaResolution(8)
source.SetPhiResolution(6)
source.Update()
sphere = source.GetOutput()

def legacy(name, binary, version):
    writer = vtk.vtkPolyDataWriter()
    writer.SetInputData(sphere)
    writer.SetFileName(f"{folder}/{name}.vtk")
    writer.SetFileVersion(version)
    writer.SetFileTypeToBinary() if binary else writer.SetFileTypeToASCII()
    writer.Write()

legacy("ascii42", False, 42)
legacy("binary42", True, 42)
legacy("ascii51", False, 51)
legacy("binary51", True, 51)

def xml(name, configure):
    writer = vtk.vtkXMLPolyDataWriter()
    writer.SetInputData(sphere)
    writer.SetFileName(f"{folder}/{name}.vtp")
    configure(writer)
    writer.Write()

def appended_raw(writer):
    writer.SetDataModeToAppended()
    writer.EncodeAppendedDataOff()

def appended_plain(writer):
    appended_raw(writer)
    writer.SetCompressorTypeToNone()

def big_endian(writer):
    writer.SetDataModeToBinary()
    writer.SetByteOrderToBigEndian()
    writer.SetHeaderTypeToUInt64()

def small_blocks(writer):
    writer.SetDataModeToAppended()
    writer.SetBlockSize(96)

xml("ascii", lambda writer: writer.SetDataModeToAscii())
xml("binary", lambda writer: writer.SetDataModeToBinary())
xml("appended", lambda writer: writer.SetDataModeToAppended())
xml("appendedRaw", appended_raw)
xml("appendedPlain", appended_plain)
xml("bigEndian", big_endian)
xml("smallBlocks", small_blocks)

for name, binary in [("ascii", False), ("binary", True)]:
    writer = vtk.vtkPLYWriter()
    writer.SetInputData(sphere)
    writer.SetFileName(f"{folder}/{name}.ply")
    writer.SetFileTypeToBinary() if binary else writer.SetFileTypeToASCII()
    writer.Write()
    writer = vtk.vtkSTLWriter()
    writer.SetInputData(sphere)
    writer.SetFileName(f"{folder}/{name}.stl")
    writer.SetFileTypeToBinary() if binary else writer.SetFileTypeToASCII()
    writer.Write()
writer = vtk.vtkOBJWriter()
writer.SetInputData(sphere)
writer.SetFileName(f"{folder}/any.obj")
writer.Write()
