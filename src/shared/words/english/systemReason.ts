/** Why the operating system did not write, in words for the codes that a user can do something about, else the code. */
export function systemReason(systemCode: string): string {
  switch (systemCode) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EACCES':
    case 'EPERM':
      return 'no permission';
    case 'EROFS':
      return 'the disk is read-only';
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENOTSUP':
      return 'no folder can be made there';
    default:
      return systemCode;
  }
}
