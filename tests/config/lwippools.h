/* Pools of tests/unit/test_mem_pools.c: mem_malloc() out of pools, and an application's own pool. */
LWIP_MEMPOOL(APP_OWN, 3, 40, "APP_OWN")
LWIP_MALLOC_MEMPOOL_START
LWIP_MALLOC_MEMPOOL(4, 64)
LWIP_MALLOC_MEMPOOL(3, 256)
LWIP_MALLOC_MEMPOOL(2, 1024)
LWIP_MALLOC_MEMPOOL_END
