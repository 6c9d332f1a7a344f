// electron-builder calls this before it packs (beforeBuild in electron-builder.yml). False: it rebuilds no package, and packs
// none but those that its settings name, rather than looking at each of the hundreds that are built into dist/.
export default function beforeBuild() {
  return false;
}
