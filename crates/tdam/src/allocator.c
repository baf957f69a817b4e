/* How the allocator of the program gives memory back. It reads its options from the environment only, and operators should
 * have nothing to set; Rust could call this function only as unsafe code.
 *
 * Blocks of more than 256 KiB come from the system and return to it at once. Only large messages have such blocks, some
 * megabytes each, and every thread leaves others free: when the allocator kept them for later, as it does by default, the
 * service took half as much again. Smaller blocks stay in the arenas, so small messages cost no system calls. */
#include <mimalloc.h>

__attribute__((constructor)) static void give_large_blocks_back(void) {
  mi_option_set(mi_option_arena_max_object_size, 256);
}
