/** Why the operating system did not write, in words for the codes that a user can do something about, else the code. */
export function systemReason(systemCode: string): string {
  switch (systemCode) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'der Datenträger ist voll';
    case 'EACCES':
    case 'EPERM':
      return 'keine Berechtigung';
    case 'EROFS':
      return 'der Datenträger ist schreibgeschützt';
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENOTSUP':
      return 'dort kann kein Ordner angelegt werden';
    default:
      return systemCode;
  }
}
