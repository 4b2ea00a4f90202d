/*
 * Members of struct tcp_pcb that options take away, included inside of its definition: no include
 * guard. What they mean is said where they are used (src/transport/tcp).
 */
#if LWIP_TCP_SACK_IN
  /* Transmission records (tcp_xmit.c) */
  struct tcp_xmit *xmit_first; /* by sequence number */
  struct tcp_xmit *xmit_last;
  struct tcp_xmit *sent_first; /* by time of the last transmission; without those known as lost */
  struct tcp_xmit *sent_last;
  struct tcp_xmit *xmit_spare; /* for the next transmission */
  u32_t sacked;                /* bytes that have arrived behind holes */
  u32_t lost;                  /* bytes taken for lost */
  u32_t retrans;               /* bytes sent again and in flight */
  u32_t fack; /* highest sequence number known to have arrived */

  /* Recovery (tcp_prr.c, tcp_undo.c) */
  u32_t prr_delivered;
  u32_t prr_out;
  u32_t prr_flight; /* when recovery began: RecoverFS */
  u32_t undo_una;   /* snd_una when cwnd was reduced; valid with TCP_UNDO_POSSIBLE */
  u32_t undo_cwnd;
  u32_t undo_ssthresh;
  u32_t undo_retrans; /* bytes sent again that no D-SACK has called needless yet */
  u32_t rtx_time_us;  /* when the first of them was sent */
  u8_t undo_flags;
  u8_t frto; /* TCP_FRTO_*: watching whether a timeout was spurious */

  /* RACK-TLP (tcp_rack.c) */
  u32_t rack_time_us; /* transmission time of the latest sent segment that has arrived */
  u32_t rack_end;
  u32_t rack_rtt_us;
  u32_t min_rtt_us;
  u32_t dsack_round; /* reordering window adapts once a round trip */
  u8_t reo_wnd_mult; /* quarters of the minimum RTT */
  u8_t reo_wnd_persist;
  bool is_reordering_seen;
  bool has_dsack_round;
  bool tlp_is_out;
  bool tlp_is_retrans;
  u32_t tlp_end;
#endif
#if LWIP_PMTU_DISCOVERY
  u16_t mss_peer; /* what the peer's MSS option allows; the path may take less (tcp_pmtu.c) */
#endif
#if LWIP_TCP_CUBIC
  u32_t cubic_wmax;        /* W_max */
  u32_t cubic_prior;       /* cwnd_prior */
  u32_t cubic_west;        /* W_est: what Reno would have */
  u32_t cubic_k_ms;        /* K */
  u32_t cubic_epoch_ms;    /* valid with cubic_has_epoch */
  u32_t cubic_acked_ms;    /* when an acknowledgement was counted last */
  u32_t cubic_rest;        /* growth of cwnd below one byte */
  u32_t cubic_west_rest;   /* ... and of W_est */
  u32_t cubic_wmax_before; /* the reduction that may be undone */
  bool cubic_has_epoch;
  bool cubic_had_epoch; /* before that reduction */
#endif
#if LWIP_TCP_HYSTART
  u8_t hystart_samples;
  u8_t hystart_rounds;   /* in conservative slow start */
  u32_t hystart_last_us; /* lastRoundMinRTT; 0: none */
  u32_t hystart_now_us;  /* currentRoundMinRTT; 0: none yet */
  u32_t hystart_css_us;  /* cssBaselineMinRtt; 0: not in conservative slow start */
  u32_t hystart_end;     /* windowEnd */
#endif
#if LWIP_TCP_ECN
  u32_t ecn_until; /* tcp_ecn.c */
  u8_t ecn_mode;   /* enum tcp_ecn_mode */
#endif
#if TCP_HASH_SIZE > 1
  struct tcp_pcb *prev; /* in the list that `next` is about */
#endif
#if LWIP_TCP_URGENT
  void (*urgent)(void *arg, struct tcp_pcb *pcb);
  u32_t snd_up; /* end of urgent data (tcp_urgent.c) */
  u32_t rcv_up;
  bool snd_is_urgent;
  bool rcv_is_urgent;
#endif
