/* How the allocator of the program gives memory back. It reads its options from the environment only, and operators should
 * have nothing to set; Rust could call this function only as unsafe code.
 *
 * Freed memory returns to the system after 20 ms, not after a second. In a second the threads that stage, execute and settle
 * a large message free more than they ever hold at once, and the service took half as much memory again. Small messages
 * cost no more processor time: what they free, they use again within the 20 ms. */
#include <mimalloc.h>

__attribute__((constructor)) static void give_memory_back(void) {
  mi_option_set(mi_option_purge_delay, 20);
}
