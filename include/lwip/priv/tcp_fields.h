/*
 * Members of struct tcp_pcb that options take away, included inside of its definition: no include
 * guard. What they mean is said where they are used (src/transport/tcp).
 */
