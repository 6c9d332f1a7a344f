; What electron-builder's installer does besides (its option nsis.include).
; "Open with Auricle" on folders and DICOM files. It is offered, and takes no file type from another program.

!define AURICLE_OPEN '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!define AURICLE_REDISTRIBUTABLE "https://aka.ms/vs/17/release/vc_redist.x64.exe"

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Directory\shell\Auricle" "" "Open with Auricle"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Directory\shell\Auricle" "Icon" "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Directory\shell\Auricle\command" "" '${AURICLE_OPEN}'
  WriteRegStr SHELL_CONTEXT "Software\Classes\Auricle.dicom" "" "DICOM image"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Auricle.dicom\shell\open\command" "" '${AURICLE_OPEN}'
  WriteRegStr SHELL_CONTEXT "Software\Classes\.dcm\OpenWithProgids" "Auricle.dicom" ""

  ; ONNX Runtime needs Microsoft's C++ runtime: beside it (tools/packaging/addVisualCRuntime.ts), or in the system.
  ; This installer is a program of 32 bits: to it the System32 of 64 bits is Sysnative.
  ${IfNot} ${FileExists} "$INSTDIR\resources\app.asar.unpacked\node_modules\onnxruntime-node\bin\napi-v6\win32\x64\vcruntime140.dll"
  ${AndIfNot} ${FileExists} "$WINDIR\Sysnative\msvcp140_atomic_wait.dll"
    MessageBox MB_YESNO|MB_ICONEXCLAMATION "Auricle needs the Microsoft Visual C++ Redistributable (x64), which this computer lacks. Open Microsoft's download, vc_redist.x64.exe, now?" /SD IDNO IDNO auricle_without_redistributable
    ExecShell "open" "${AURICLE_REDISTRIBUTABLE}"
    auricle_without_redistributable:
  ${EndIf}
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Directory\shell\Auricle"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Auricle.dicom"
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.dcm\OpenWithProgids" "Auricle.dicom"
!macroend
