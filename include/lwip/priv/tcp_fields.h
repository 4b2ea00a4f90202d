/*
 * Members of struct tcp_pcb that options take away, included inside of its definition: no include
 * guard. What they mean is said where they are used (src/transport/tcp). Words stand first, then
 * half words, then bytes and bits, so that nothing is lost between them.
 */
#if TCP_HASH_SIZE > 1
  struct tcp_pcb *prev; /* in the list that `next` is about */
#endif
#if LWIP_TCP_SACK_OUT
  struct tcp_sack_out sack_out;
#endif
#if LWIP_TCP_TIMESTAMPS
  u32_t ts_lastacksent; /* Last.ACK.sent */
  u32_t ts_recent;
  u32_t ts_offset; /* so that our clock tells nobody our uptime */
#endif
#if LWIP_TCP_SACK_IN
  /* Transmission records (tcp_xmit.c) */
  struct tcp_xmit *xmit_last;  /* by sequence number, a ring */
  struct tcp_xmit *sent_first; /* by time of the last transmission; without those known as lost */
  u32_t sacked;                /* bytes that have arrived behind holes */
  u32_t lost;                  /* bytes taken for lost */
  u32_t retrans;               /* bytes sent again and in flight */

  struct tcp_undo *undo; /* of the last reduction; NULL: that is final (tcp_undo.c) */

  /* RACK-TLP (tcp_rack.c) */
  u32_t rack_rtt_us;
  u32_t min_rtt_us;
  u32_t dsack_round; /* reordering window adapts once a round trip */
  u32_t tlp_end;
#endif
#if LWIP_TCP_CUBIC
  u32_t cubic_wmax;        /* W_max */
  u32_t cubic_wmax_before; /* the reduction that may be undone */
  u32_t cubic_prior;       /* cwnd_prior */
#endif
#if LWIP_TCP_CUBIC || LWIP_TCP_HYSTART || LWIP_TCP_SACK_IN
  /* A connection is in one of three: the first slow start, an epoch, or fast recovery. */
  union {
#if LWIP_TCP_HYSTART
    struct {
      u32_t hystart_last_us; /* lastRoundMinRTT; 0: none */
      u32_t hystart_now_us;  /* currentRoundMinRTT; 0: none yet */
      u32_t hystart_css_us;  /* cssBaselineMinRtt; 0: not in conservative slow start */
      u32_t hystart_end;     /* windowEnd */
    };
#endif
#if LWIP_TCP_CUBIC
    struct {
      u32_t cubic_acked_ms;  /* when an acknowledgement was counted last */
      u32_t cubic_west_rest; /* growth of W_est below one byte */
      u32_t cubic_west;      /* W_est: what Reno would have */
      u32_t cubic_plateau_ms; /* begin of the epoch, plus K; valid with cubic_has_epoch */
    };
#endif
#if LWIP_TCP_SACK_IN
    struct {
      u32_t prr_delivered;
      u32_t prr_out; /* sent meanwhile */
      u32_t prr_flight; /* when recovery began: RecoverFS */
    };
#endif
  };
#endif
#if LWIP_TCP_ECN
  u32_t ecn_until; /* tcp_ecn.c */
#endif
#if LWIP_TCP_RCV_AUTOTUNE
  u32_t tune_seq; /* what the program had consumed when the present measurement began */
#endif
#if LWIP_TCP_INFO
  u32_t retransmits; /* segments sent again */
#endif
#if LWIP_TCP_USER_TIMEOUT
  u32_t user_timeout_ms; /* 0: none (tcp_user_timeout.c) */
  u32_t waits_since_ms;  /* for the peer */
#endif
#if LWIP_TCP_URGENT
  void (*urgent)(void *arg, struct tcp_pcb *pcb);
  u32_t snd_up; /* end of urgent data (tcp_urgent.c) */
  u32_t rcv_up;
#endif

  /* Half words */
#if LWIP_TCP_TIMESTAMPS
  u16_t ts_recent_time; /* when ts_recent was set, in units of 65536 ms */
#endif
#if LWIP_TCP_RCV_AUTOTUNE
  u16_t tune_ms; /* when that was, the lowest bits */
#endif
#if LWIP_TCP_RCV_AUTOTUNE || LWIP_TCP_LIMITS
  u16_t rcv_limit; /* of the window, in units of 1 << TCP_RCV_SCALE; 0: what it begins with */
#endif
#if LWIP_PMTU_DISCOVERY
  u16_t mss_peer; /* what the peer's MSS option allows; the path may take less (tcp_pmtu.c) */
#endif
#if LWIP_TCP_USER_TIMEOUT
  u16_t uto_told; /* as in the option; 0: it is not used */
  u16_t uto_heard;
#endif

  /* Bytes and bits */
#if LWIP_TCP_KEEPALIVE
  u8_t keep_cnt;
#endif
#if LWIP_WND_SCALE
  u8_t snd_scale : 4;
  u8_t rcv_scale : 4;
#endif
#if LWIP_TCP_SACK_IN
  u8_t reo_wnd_mult;        /* quarters of the minimum RTT */
  u8_t reo_wnd_persist : 5; /* recoveries until it is forgotten */
  bool is_reordering_seen : 1;
  bool has_dsack_round : 1;
  bool tlp_is_out : 1;
  u8_t frto : 2; /* TCP_FRTO_*: watching whether a timeout was spurious */
  bool tlp_is_retrans : 1;
#endif
#if LWIP_TCP_CUBIC
  bool cubic_has_epoch : 1;
  bool cubic_had_epoch : 1; /* before the last reduction */
  u8_t cc_index : 2;        /* of tcp_ccs[] */
#endif
#if LWIP_TCP_HYSTART
  u8_t hystart_samples : 4;
  u8_t hystart_rounds : 3; /* in conservative slow start */
#endif
#if LWIP_TCP_ECN
  u8_t ecn_mode : 2; /* enum tcp_ecn_mode */
#endif
#if LWIP_TCP_LIMITS
  bool rcv_is_limited : 1; /* the program has set rcv_limit */
#endif
#if LWIP_TCP_URGENT
  bool snd_is_urgent : 1;
  bool rcv_is_urgent : 1;
#endif
#if LWIP_TCP_USER_TIMEOUT
  u8_t uto_is_due : 1; /* to be told */
  u8_t uto_is_changeable : 1;
#endif
