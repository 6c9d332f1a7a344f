/*
 * Makes Node refuse memory of native code as Electron does: V8 is built there with its memory cage (sandbox), and
 * napi_create_external_arraybuffer and napi_create_external_buffer answer napi_no_external_buffers_allowed
 * (Node-API's documentation; "Electron and the V8 Memory Cage", electronjs.org).
 *
 * The functions are Node's own, so a library that is preloaded cannot stand in front of them; the dynamic linker's audit
 * interface (rtld-audit(7), LD_AUDIT) can: it is asked for each function that a native module is bound to.
 */
#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>
#include <string.h>

enum { NO_EXTERNAL_BUFFERS_ALLOWED = 22 }; /* js_native_api_types.h */

static int refuse(void) { return NO_EXTERNAL_BUFFERS_ALLOWED; }

unsigned int la_version(unsigned int version) { return version < LAV_CURRENT ? version : LAV_CURRENT; }

unsigned int la_objopen(struct link_map *map, Lmid_t namespace, uintptr_t *cookie) {
  (void)map, (void)namespace, (void)cookie;
  return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

uintptr_t la_symbind64(Elf64_Sym *symbol, unsigned int index, uintptr_t *from, uintptr_t *to, unsigned int *flags,
                       const char *name) {
  (void)index, (void)from, (void)to, (void)flags;
  if (strcmp(name, "napi_create_external_arraybuffer") == 0) return (uintptr_t)&refuse;
  if (strcmp(name, "napi_create_external_buffer") == 0) return (uintptr_t)&refuse;
  return symbol->st_value;
}
